package dev.luna.batch.cli;

import java.net.InetAddress;
import java.net.UnknownHostException;

/** What this machine knows about the process that signed a lease. */
final class OwnerProcess {

    private OwnerProcess() {}

    /**
     * Whether {@code host:pid} surely lives: it is on this host and has a process. False says nothing, since another host
     * cannot be asked, and containers may share a host's name; only the lease decides that an owner is gone.
     */
    static boolean isAlive(String owner) {
        int colon = owner.lastIndexOf(':');
        return colon > 0
                && owner.substring(0, colon).equals(host())
                && ProcessHandle.of(Long.parseLong(owner.substring(colon + 1)))
                        .map(ProcessHandle::isAlive)
                        .orElse(false);
    }

    private static String host() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            // Then no owner is on a known host, and the lease decides.
            return "";
        }
    }
}
