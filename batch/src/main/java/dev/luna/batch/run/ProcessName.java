package dev.luna.batch.run;

import java.net.InetAddress;
import java.net.UnknownHostException;
import org.springframework.stereotype.Component;

/** How this process signs its lease: {@code host:pid}. */
@Component
class ProcessName {

    private final String host = host();
    private final long pid = ProcessHandle.current().pid();

    String name() {
        return host + ":" + pid;
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
