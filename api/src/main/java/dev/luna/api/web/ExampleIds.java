package dev.luna.api.web;

/** Ids that the documentation proposes. In the sample city they exist, so that what is proposed there can be tried. */
public final class ExampleIds {

    /** Lena Tanaka, who gives the demo's tour. */
    public static final String USER = "4b65c78a-9d9f-471a-beaa-0d3777ec54cf";

    /** Yara Eriksen, her best friend. */
    public static final String OTHER_USER = "d043af74-6d44-4e2f-98e1-e7c4177cf740";

    /** North Star Table, near Lena's home. */
    public static final String VENUE = "6e3e9b6d-c3e2-4420-8f99-f1a8dcdf7cd6";

    /** Of several users, as JSON. */
    public static final String USERS = "[\"" + USER + "\", \"" + OTHER_USER + "\"]";

    private ExampleIds() {}
}
