package dev.luna.batch.database;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Who listens where a PostgreSQL did, and asks everybody who comes for the password in clear text. */
final class PortThief implements AutoCloseable {

    private static final int CLEAR_TEXT_PASSWORD = 3;

    private final ServerSocket listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final List<String> heard = new CopyOnWriteArrayList<>();
    private final Thread thread = new Thread(this::listen);

    PortThief() throws IOException {
        thread.start();
    }

    int port() {
        return listening.getLocalPort();
    }

    /** What was answered, one text a connection; listens no longer. */
    List<String> heard() throws Exception {
        close();
        thread.join();
        return heard;
    }

    @Override
    public void close() throws IOException {
        listening.close();
    }

    private void listen() {
        while (!listening.isClosed()) {
            try (Socket victim = listening.accept()) {
                DataInputStream in = new DataInputStream(victim.getInputStream());
                DataOutputStream out = new DataOutputStream(victim.getOutputStream());
                message(in); // whether it may be encrypted
                out.writeByte('N');
                message(in); // who comes
                out.writeByte('R');
                out.writeInt(8);
                out.writeInt(CLEAR_TEXT_PASSWORD);
                // p is its kind; nothing at all is no answer.
                heard.add(in.read() == 'p' ? new String(message(in), StandardCharsets.UTF_8) : "");
            } catch (IOException e) {
                // No longer listening, or a connection that broke: nothing was heard.
            }
        }
    }

    private static byte[] message(DataInputStream in) throws IOException {
        return in.readNBytes(in.readInt() - Integer.BYTES);
    }
}
