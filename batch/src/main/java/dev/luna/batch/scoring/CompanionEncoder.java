package dev.luna.batch.scoring;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Packs one user's companion rankings after another, in the format of {@link CompanionRankingCodec}: {@link #begin},
 * {@link #accept} for each venue, {@link #finish}. Not thread-safe.
 */
public final class CompanionEncoder implements CompanionRanker.Sink {

    private static final int LARGEST_ENTRY = 10;

    private final UuidArray userIds;

    /** Friends named so far, and their strengths. */
    private final UserNumbering friends = new UserNumbering(64);

    private float[] base = new float[64];
    private int general;

    private ByteBuffer lists = ByteBuffer.allocate(4096);
    private int venues;

    /** @param userIds ids by userIndex */
    public CompanionEncoder(UuidArray userIds) {
        this.userIds = userIds;
    }

    /** Begins a user with the ranking without a venue. */
    public void begin(CompanionRanking ranking) {
        friends.clear();
        venues = 0;
        lists.clear();
        for (int i = 0; i < ranking.size(); i++) {
            place(ranking.friend(i), ranking.base(i));
        }
        general = friends.size();
    }

    /**
     * Adds the ranking at a venue.
     *
     * @throws IllegalStateException if the rankings of one user name more than 16384 friends
     */
    @Override
    public void accept(int venueIndex, CompanionRanking ranking) {
        int n = ranking.size();
        reserve(6 + n * LARGEST_ENTRY);
        lists.putInt(venueIndex).putShort((short) n);
        for (int i = 0; i < n; i++) {
            float direct = (float) ranking.direct(i);
            float category = (float) ranking.category(i);
            int head = place(ranking.friend(i), ranking.base(i))
                    | (direct != 0 ? CompanionRankingCodec.DIRECT_FOLLOWS : 0)
                    | (category != 0 ? CompanionRankingCodec.CATEGORY_FOLLOWS : 0);
            lists.putShort((short) head);
            if (direct != 0) {
                lists.putFloat(direct);
            }
            if (category != 0) {
                lists.putFloat(category);
            }
        }
        venues++;
    }

    /** Ends the user and returns his packed rankings. */
    public byte[] finish() {
        int named = friends.size();
        ByteBuffer packed = ByteBuffer.allocate(
                CompanionRankingCodec.HEADER_BYTES + named * CompanionRankingCodec.FRIEND_BYTES + lists.position());
        packed.putShort((short) named).putShort((short) general).putShort((short) venues);
        for (int i = 0; i < named; i++) {
            int friend = friends.user(i);
            packed.putLong(userIds.high(friend)).putLong(userIds.low(friend)).putFloat(base[i]);
        }
        packed.put(lists.array(), 0, lists.position());
        return packed.array();
    }

    /** The place of a friend among those named, naming him if he is new. */
    private int place(int friendIndex, double strength) {
        int place = friends.add(friendIndex);
        if (place == CompanionRankingCodec.MOST_FRIENDS) {
            throw new IllegalStateException("the rankings of one user name more than "
                    + CompanionRankingCodec.MOST_FRIENDS + " friends; rank fewer companions or at fewer venues");
        }
        if (place == base.length) {
            base = Arrays.copyOf(base, 2 * place);
        }
        base[place] = (float) strength;
        return place;
    }

    private void reserve(int more) {
        if (lists.remaining() < more) {
            ByteBuffer larger = ByteBuffer.allocate(Math.max(2 * lists.capacity(), lists.position() + more));
            lists.flip();
            lists = larger.put(lists);
        }
    }
}
