package dev.luna.batch.reads;

import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * Clients of {@code GET /reco/venues/{user_id}} about users whose answer is stored. Full answers have 10 venues and are not
 * compressed.
 */
public final class Readers {

    private static final String PATH = "/reco/venues/";
    private static final int OK = 200;
    private static final int NOT_MODIFIED = 304;

    private final URI url;
    private final List<UUID> users;
    private final List<String> etags;

    private Readers(URI url, List<UUID> users, List<String> etags) {
        this.url = url;
        this.users = users;
        this.etags = etags;
    }

    /** Reads every user once; keeps those with an ETag, whose answer is the stored one. */
    public static Readers of(URI url, List<UUID> candidates) throws IOException {
        List<UUID> users = new ArrayList<>();
        List<String> etags = new ArrayList<>();
        try (KeepAliveClient client = new KeepAliveClient(url)) {
            for (UUID user : candidates) {
                byte[] request = client.request(PATH + user + "?limit=10", null);
                requireStatus(OK, client, request);
                client.header("ETag").ifPresent(etag -> {
                    users.add(user);
                    etags.add(etag);
                });
            }
        }
        if (users.isEmpty()) {
            throw new IOException("none of " + candidates.size() + " answers of " + url
                    + " is a stored one; is it a server of this database?");
        }
        return new Readers(url, users, etags);
    }

    /** The users that are asked about. */
    public List<UUID> users() {
        return users;
    }

    /** A client that wants full answers. */
    public ClosedLoop.Asker full() {
        return asker("?limit=10", false);
    }

    /** A client that has the answer already and asks whether it still holds. */
    public ClosedLoop.Asker conditional() {
        return asker("?limit=10", true);
    }

    /** A client that wants full answers under a filter. */
    public ClosedLoop.Asker filtered(String query) {
        return asker("?limit=10&" + query, false);
    }

    private ClosedLoop.Asker asker(String query, boolean isConditional) {
        KeepAliveClient client = new KeepAliveClient(url);
        byte[][] requests = new byte[users.size()][];
        for (int user = 0; user < requests.length; user++) {
            requests[user] = client.request(PATH + users.get(user) + query, isConditional ? etags.get(user) : null);
        }
        int expected = isConditional ? NOT_MODIFIED : OK;
        return new ClosedLoop.Asker() {
            @Override
            public void ask(int user) throws IOException {
                requireStatus(expected, client, requests[user]);
            }

            @Override
            public void close() throws IOException {
                client.close();
            }
        };
    }

    private static void requireStatus(int expected, KeepAliveClient client, byte[] request) throws IOException {
        int status = client.exchange(request);
        if (status != expected) {
            throw new IOException("expected status " + expected + ", but the answer is:\n" + client.lastAnswer());
        }
    }
}
