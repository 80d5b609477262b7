package dev.luna.batch.drill;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;

/**
 * The scene of the drill: the database, a server that only reads, a server that heals, and what is known about the runs.
 * Each fault strikes a run of a third process.
 *
 * <p>Before every run the data changes between two states, in which everybody's rankings differ; so an answer that mixes two
 * runs, or a run that mixes two snapshots, shows.
 */
final class Drill implements AutoCloseable {

    private static final int READ_USERS = 40;
    private static final int START_SECONDS = 120;
    private static final int RUN_SECONDS = 90;

    /** Dwell time, in seconds, of interactions that the drill made; the data has none so long. */
    private static final int MARK = 86_399;

    private final Path home;
    private final Path server;
    private final Path batch;
    private final DrillDatabase database;
    private final Answers answers = new Answers();
    private final Map<Integer, String> checksums = new HashMap<>();
    private final List<UUID> users = new ArrayList<>();
    private final int readPort = freePort();
    private final int healPort = freePort();
    private LunaProcess healer;
    private LunaProcess readServer;
    private RankingReader reader;
    private final RunSpan span;
    private int state;
    private int started;
    private int healers = 1;

    /** Starts everything and makes the two undisturbed runs that all others are compared with. */
    Drill(Path home, Path server, Path batch) throws IOException, InterruptedException, SQLException {
        this.home = home;
        this.server = server;
        this.batch = batch;
        this.database = new DrillDatabase(home);
        healer = startServer("healer", healPort, true);
        readServer = startServer("reader", readPort, false);
        for (String id : Objects.requireNonNull(database.text(
                        "select string_agg(id::text, ',' order by id) from (select id from users order by id limit ?) u",
                        READ_USERS))
                .split(",")) {
            users.add(UUID.fromString(id));
        }
        reader = new RankingReader(readPort, users, answers);
        for (int n = 0; n < 2; n++) {
            long run = nextRun();
            List<String> options = n == 0 ? List.of("-XX:ArchiveClassesAtExit=" + archive()) : List.of();
            try (LunaProcess undisturbed =
                    LunaProcess.start(home, batch, "undisturbed-" + n, Map.of(), options, "recompute")) {
                if (undisturbed.exitCode(START_SECONDS) != 0) {
                    throw new DrillFailure("the undisturbed run failed; see " + undisturbed.log());
                }
            }
            checksums.put(state, checksum(run));
            Await.that("readers see run " + run, 30, () -> reader.sees(users.get(0), run));
            for (UUID user : users) {
                answers.learn(state, user, reader.ask(user).body());
            }
        }
        if (answers.differing(users) < READ_USERS / 2) {
            throw new DrillFailure("the two states of the data rank too many users alike to tell them apart");
        }
        span = RunSpan.of(database);
        reader.start();
    }

    DrillDatabase database() {
        return database;
    }

    RankingReader reader() {
        return reader;
    }

    /** Changes the data to its other state; the id that the next run will have. */
    long nextRun() throws SQLException {
        state = 1 - state;
        // Others than those the reader asks about crowd one venue, or leave it: the popularity of all venues shifts.
        if (state == 1) {
            database.execute("""
                    insert into user_venue_interactions (user_id, venue_id, interaction_type, dwell_time)
                    select u.id, v.id, 'like', %d
                    from (select id from users order by id desc limit 8000) u
                    cross join (select id from venues order by id limit 1) v
                    """.formatted(MARK));
        } else {
            database.execute("delete from user_venue_interactions where dwell_time = " + MARK);
        }
        long run = database.number("select last_value + is_called::int from run_id_seq");
        answers.snapshot(run, state);
        return run;
    }

    /** How long a run is in its phases. */
    RunSpan span() {
        return span;
    }

    /** A victim that was struck while it waited for the drill's lock on a table; the lock is gone. */
    LunaProcess heldVictim(String table, String mode, Blow blow)
            throws SQLException, IOException, InterruptedException {
        LunaProcess victim;
        try (DrillDatabase.Hold hold = database.hold(table, mode)) {
            victim = victim();
            hold.awaitWaiter();
            blow.strike(victim);
        }
        return victim;
    }

    /** What is done to a process. */
    interface Blow {
        void strike(LunaProcess process) throws SQLException, IOException, InterruptedException;
    }

    /** A command that makes a run and stays with it. */
    LunaProcess victim() throws IOException {
        return LunaProcess.start(
                home,
                batch,
                "victim-" + ++started,
                Map.of(),
                List.of("-XX:SharedArchiveFile=" + archive()),
                "recompute");
    }

    private Path archive() {
        return DrillHome.classes(home);
    }

    private LunaProcess startServer(String name, int port, boolean heals) throws IOException, InterruptedException {
        LunaProcess started = LunaProcess.start(
                home,
                server,
                name,
                Map.of("SERVER_PORT", Integer.toString(port), "LUNA_SCHEDULE_ENABLED", Boolean.toString(heals)),
                List.of(),
                "serve");
        Await.that("the " + name + " answers; see " + started.log(), START_SECONDS, () -> {
            if (!started.isAlive()) {
                throw new DrillFailure("the %s ended; see %s".formatted(name, started.log()));
            }
            return new ServerClient(port).isHealthy();
        });
        return started;
    }

    void killHealer() throws IOException, InterruptedException {
        healer.kill();
    }

    /** Puts another in the place of one that was killed. */
    void replaceHealer() throws IOException, InterruptedException {
        healer = startServer("healer-" + ++healers, healPort, true);
    }

    /** Tells both servers to start a run at the same instant; how they answered. */
    List<Integer> startFromBoth() throws InterruptedException {
        var answersTo = List.of(readPort, healPort).stream()
                .map(port -> new ServerClient(port).post("/runs"))
                .toList();
        return answersTo.stream().map(answer -> answer.join().statusCode()).toList();
    }

    /** Restarts a stopped run at the healer. */
    void restart(long run) {
        post("/runs/%d/restart".formatted(run));
    }

    /** Starts a run in the healer. */
    void startAtServer() {
        post("/runs");
    }

    private void post(String path) {
        HttpResponse<String> answer = new ServerClient(healPort).post(path).join();
        if (answer.statusCode() != 202) {
            throw new DrillFailure("POST %s was answered with %s".formatted(path, answer.body()));
        }
    }

    /** Waits until so much of the run's users is done. */
    void awaitShare(long run, double share) throws InterruptedException {
        Await.that(
                "%.0f %% of run %d is done".formatted(100 * share, run),
                START_SECONDS,
                () -> database.holds("""
                        select r.state <> 'running' or r.phase <> 'scoring' or sum(p.users_done) >= ? * r.users_total
                        from run r join run_partition p on p.run_id = r.id where r.id = ? group by r.id
                        """, share, run));
    }

    /** Waits for the run to be published by whoever, without doing anything for it. */
    Result recovered(long run, long at) throws SQLException, InterruptedException {
        awaitPublished(run);
        double seconds = (System.nanoTime() - at) / 1e9;
        boolean equal = isAsUndisturbed(run);
        return new Result("resumed by itself, published", seconds, equal, equal);
    }

    void awaitPhase(long run, String phase) throws InterruptedException {
        Await.that(
                "run %d is in %s".formatted(run, phase),
                START_SECONDS,
                () -> database.holds("select phase = ? or state <> 'running' from run where id = ?", phase, run));
    }

    /** Waits until chunks of the run are stored. */
    void awaitChunks(long run) throws InterruptedException {
        Await.that(
                "run %d has stored a chunk".formatted(run),
                START_SECONDS,
                () -> database.number("select sum(users_done) from run_partition where run_id = ?", run) > 0);
    }

    void awaitPublished(long run) throws InterruptedException {
        Await.that(
                "run %d is published".formatted(run),
                RUN_SECONDS,
                () -> database.holds(
                        "select state = 'completed' and published_at is not null from run where id = ?", run));
    }

    /** Waits until nobody holds the lease, so that the next run can start. */
    void awaitIdle() throws InterruptedException {
        Await.that(
                "no run is under way",
                RUN_SECONDS,
                () -> database.holds("select run_id is null or expires_at < clock_timestamp() from run_lease"));
    }

    /** Whether a run's checksum and every stored row are those of the undisturbed run over the same data. */
    boolean isAsUndisturbed(long run) throws SQLException {
        return checksum(run).equals(checksums.get(state));
    }

    /** The recorded checksum with one over the rows as they are stored: nothing lost, nothing doubled, nothing changed. */
    private String checksum(long run) throws SQLException {
        String rows = database.text("""
                select md5(string_agg(md5(v.user_id::text || v.ranking::text || coalesce(c.ranking::text, '')), '' order by v.user_id))
                from venue_ranking_%1$d v left join companion_ranking_%1$d c using (user_id)
                """.formatted(run));
        return database.text("select checksum from run where id = ?", run) + " " + rows;
    }

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new DrillFailure("no port is free: " + e.getMessage());
        }
    }

    @Override
    public void close() {
        try {
            reader.close();
        } finally {
            healer.close();
            readServer.close();
        }
    }
}
