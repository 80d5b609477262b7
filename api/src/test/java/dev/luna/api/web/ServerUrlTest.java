package dev.luna.api.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.UnknownHostException;
import org.junit.jupiter.api.Test;
import org.springframework.boot.web.server.autoconfigure.ServerProperties;
import org.springframework.mock.env.MockEnvironment;

class ServerUrlTest {

    /** A name that is none of luna.http.hosts would be refused. */
    @Test
    void aServerThatListensAtANameIsCalledByItsAddress() throws UnknownHostException {
        assertThat(url(InetAddress.getByAddress("luna.internal", new byte[] {10, 0, 0, 7})))
                .isEqualTo("http://10.0.0.7:8080");
    }

    @Test
    void addressesOfVersion6StandInBrackets() throws UnknownHostException {
        assertThat(url(InetAddress.getByName("::1"))).isEqualTo("http://[0:0:0:0:0:0:0:1]:8080");
    }

    @Test
    void aServerThatListensEverywhereIsCalledOnThisMachine() throws UnknownHostException {
        assertThat(url(InetAddress.getByName("0.0.0.0"))).isEqualTo("http://127.0.0.1:8080");
        assertThat(url(InetAddress.getByName("::"))).isEqualTo("http://127.0.0.1:8080");
    }

    private static String url(InetAddress address) {
        ServerProperties properties = new ServerProperties();
        properties.setAddress(address);
        return ServerUrl.of(properties, new MockEnvironment().withProperty("local.server.port", "8080"));
    }
}
