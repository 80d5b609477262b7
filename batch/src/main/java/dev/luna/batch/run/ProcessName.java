package dev.luna.batch.run;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import org.springframework.stereotype.Component;

/** How this process signs its lease, {@code host:pid}, and what it can tell by that of other processes. Thread-safe. */
@Component
public class ProcessName {

    /**
     * How far the database's clock may be ahead of this host's. If it is more, a later process with the owner's id passes for
     * the owner, and a start is refused until the lease lapses. If it is behind, or the run was taken sooner than this after
     * its process began, the owner passes for another process, and a start waits for the lease.
     */
    private static final Duration CLOCK_SKEW = Duration.ofSeconds(1);

    private static final String HOST = host();
    private static final long PID = ProcessHandle.current().pid();

    /** {@code host:pid} of this process. */
    public String name() {
        return nameOfThis();
    }

    /** Where this process's stack traces are, in words: when a run has failed, nobody owns it any more. */
    public static String log() {
        return "the log of " + nameOfThis();
    }

    private static String nameOfThis() {
        return HOST + ":" + PID;
    }

    /**
     * Whether the owner of a run is known to be another process that lives: one on this host that began before the run was
     * taken, for process ids are given again, in a container at each start. False says nothing, since another host cannot be
     * asked. Containers that share a host's name may be taken for one another; only the lease decides that an owner is gone.
     */
    public boolean isOfLivingProcess(RunOwner owner) {
        String sameHost = HOST + ":";
        if (!owner.name().startsWith(sameHost)) {
            return false;
        }
        long ownerPid = Long.parseLong(owner.name().substring(sameHost.length()));
        return ownerPid != PID
                && ProcessHandle.of(ownerPid)
                        .filter(ProcessHandle::isAlive)
                        .flatMap(process -> process.info().startInstant())
                        .filter(begun -> begun.plus(CLOCK_SKEW).isBefore(owner.since()))
                        .isPresent();
    }

    private static String host() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            // A host that cannot resolve its own name still has to sign; the message begins with that name.
            String message = e.getMessage();
            return message == null ? "localhost" : message.split(":", 2)[0];
        }
    }
}
