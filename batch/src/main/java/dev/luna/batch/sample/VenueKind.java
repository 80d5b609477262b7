package dev.luna.batch.sample;

import java.util.List;

/** The categories of venues, with what is typical for them. */
enum VenueKind {
    CAFE("cafe", 70, 1, 2, "flat whites and a window seat", "Coffee", "Cafe", "Coffee House"),
    BAKERY("bakery", 35, 1, 2, "bread that is gone by noon", "Bakery", "Bread Co.", "Patisserie"),
    ITALIAN("italian restaurant", 45, 2, 3, "handmade pasta", "Trattoria", "Osteria", "Pizzeria"),
    ASIAN("asian restaurant", 40, 1, 3, "broths that cook all night", "Noodle Bar", "Ramen", "Kitchen"),
    SEAFOOD("seafood restaurant", 22, 2, 4, "the catch of the morning", "Fish House", "Oyster Bar", "Grill"),
    VEGETARIAN("vegetarian restaurant", 24, 1, 3, "vegetables that need no excuse", "Table", "Green Kitchen", "Garden"),
    FINE_DINING("fine dining", 14, 4, 4, "eight courses and no hurry", "Restaurant", "Dining Room", "Atelier"),
    STREET_FOOD("street food", 36, 1, 1, "lunch for the price of a coffee", "Tacos", "Kebab", "Street Kitchen"),
    BAR("bar", 48, 2, 3, "drinks that are not on the card", "Bar", "Cocktails", "Lounge"),
    PUB("pub", 36, 1, 2, "quiz on Tuesdays", "Arms", "Tavern", "Taproom"),
    CLUB("club", 14, 2, 3, "a sound system older than its guests", "Club", "Basement", "Ballroom"),
    LIVE_MUSIC("live music", 18, 2, 3, "two bands a night", "Stage", "Music Hall", "Jazz Cellar"),
    PARK("park", 32, 1, 1, "old trees and long benches", "Park", "Gardens", "Green"),
    MUSEUM("museum", 20, 1, 3, "one room that everybody remembers", "Museum", "Collection", "House of History"),
    GALLERY("gallery", 22, 1, 2, "openings on the first Friday", "Gallery", "Art Space", "Studio"),
    CINEMA("cinema", 14, 2, 2, "films in their own language", "Cinema", "Picture House", "Screen"),
    BOOKSHOP("bookshop", 20, 1, 2, "a shelf for every mood", "Books", "Bookshop", "Reading Room"),
    CLIMBING("climbing gym", 14, 2, 3, "new routes every second week", "Boulders", "Climbing", "Walls"),
    FITNESS("gym", 26, 2, 3, "machines that are free at six", "Gym", "Fitness", "Training Club"),
    YOGA("yoga studio", 20, 2, 3, "an early class with a view", "Yoga", "Studio", "Shala"),
    POOL("swimming pool", 10, 1, 2, "lanes before work", "Pool", "Baths", "Lido"),
    MARKET("market", 20, 1, 2, "stalls until two", "Market", "Market Hall", "Food Hall");

    private static final List<VenueKind> ALL = List.of(values());

    private final String category;
    private final int share;
    private final int leastPrice;
    private final int mostPrice;
    private final String knownFor;
    private final List<String> nouns;

    VenueKind(String category, int share, int leastPrice, int mostPrice, String knownFor, String... nouns) {
        this.category = category;
        this.share = share;
        this.leastPrice = leastPrice;
        this.mostPrice = mostPrice;
        this.knownFor = knownFor;
        this.nouns = List.of(nouns);
    }

    static VenueKind any(Dice dice) {
        return ALL.get(
                dice.pickWeighted(ALL.stream().mapToDouble(kind -> kind.share).toArray()));
    }

    String category() {
        return category;
    }

    int price(Dice dice) {
        return dice.between(leastPrice, mostPrice);
    }

    String describe(Neighbourhood neighbourhood) {
        String article = "aeiou".indexOf(category.charAt(0)) >= 0 ? "An " : "A ";
        return article + category + " in " + neighbourhood.title() + ", known for " + knownFor + ".";
    }

    String name(String proper, Dice dice) {
        return proper + " " + dice.pick(nouns);
    }
}
