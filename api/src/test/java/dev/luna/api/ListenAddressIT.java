package dev.luna.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.luna.api.web.ServerTest;
import java.net.InetAddress;
import org.apache.coyote.AbstractProtocol;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.tomcat.TomcatWebServer;
import org.springframework.boot.web.server.servlet.context.ServletWebServerApplicationContext;

class ListenAddressIT extends ServerTest {

    /** There is no authentication. */
    @Test
    void unlessConfiguredOtherwiseOnlyThisMachineIsListenedTo(@Autowired ServletWebServerApplicationContext context) {
        TomcatWebServer server = (TomcatWebServer) context.getWebServer();

        InetAddress address =
                ((AbstractProtocol<?>) server.getTomcat().getConnector().getProtocolHandler()).getAddress();

        // None would be every address of the machine.
        assertThat(address).isNotNull().matches(InetAddress::isLoopbackAddress);
    }
}
