package io.rootstock.registry.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EndpointPolicyTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "0.0.0.0",
                "10.1.2.3",
                "100.64.0.1",
                "127.0.0.1",
                "127.255.255.255",
                "169.254.169.254",
                "172.16.0.1",
                "172.31.255.255",
                "192.168.0.1",
                "198.19.0.1",
                "224.0.0.1",
                "239.1.1.1",
                "255.255.255.255",
                "::",
                "::1",
                "::ffff:10.0.0.1",
                "64:ff9b::a00:1",
                "64:ff9b:1::1",
                "100::1",
                "fe80::1",
                "fec0::1",
                "fc00::1",
                "fd12:3456::1",
                "ff02::1",
                "2001::1",
                "2001:db8::1",
                "2002:7f00:1::"
            })
    void reservedAddressesAreRefused(String address) {
        assertThatThrownBy(() -> resolve(address))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("host.example has the address")
                .hasMessageContaining("rootstock.registry.webhook-private-addresses");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1.1.1.1",
                "11.0.0.0",
                "100.128.0.1",
                "172.15.255.255",
                "172.32.0.1",
                "192.167.255.255",
                "223.255.255.255",
                "64:ff9b::101:101",
                "2001:4860:4860::8888",
                "2606:4700::1111"
            })
    void publicAddressesArePermitted(String address) throws IOException {
        assertThat(resolve(address)).isEqualTo(InetAddress.ofLiteral(address));
    }

    @Test
    void oneReservedAddressOfAHostIsEnoughToRefuseIt() {
        assertThatThrownBy(() -> resolve("1.1.1.1", "10.0.0.1")).hasMessageContaining("10.0.0.1, which is not public");
    }

    @Test
    void unknownHostsAreNamed() {
        EndpointPolicy policy = new EndpointPolicy(false, host -> {
            throw new UnknownHostException(host);
        });
        assertThatThrownBy(() -> policy.resolve("host.example")).hasMessage("host.example cannot be resolved");
    }

    @Test
    void theSettingPermitsPrivateAddressesAndHttp() throws IOException {
        EndpointPolicy policy = new EndpointPolicy(true);
        assertThat(policy.resolve("127.0.0.1").isLoopbackAddress()).isTrue();
        assertThat(policy.violation("http://127.0.0.1:8080/hook?a=b")).isEmpty();
    }

    @Test
    void urlsAreCheckedByForm() {
        assertThat(violation("https://example.com/hook")).isEmpty();
        assertThat(violation("HTTPS://example.com:8443")).isEmpty();
        assertThat(violation("")).contains("must have 1 to 2000 characters, has 0");
        assertThat(violation("https://example.com/" + "x".repeat(2000))).contains("1 to 2000 characters");
        assertThat(violation("http://example.com")).contains("must begin with https://");
        assertThat(violation("ftp://example.com")).contains("must be of the form https://");
        assertThat(violation("https:///hook")).contains("must be");
        assertThat(violation("example.com")).contains("must be of the form https://");
        assertThat(violation("https://example.com:70000/")).contains("must be of the form https://");
        assertThat(violation("https://example.com/a b")).contains("must be a URL: Illegal character");
        assertThat(violation("https://user:pass@example.com/")).contains("neither a user nor a fragment");
        assertThat(violation("https://example.com/#top")).contains("neither a user nor a fragment");
    }

    private static String violation(String url) {
        return new EndpointPolicy(false).violation(url).orElse("");
    }

    private static InetAddress resolve(String... addresses) throws IOException {
        InetAddress[] resolved =
                Arrays.stream(addresses).map(InetAddress::ofLiteral).toArray(InetAddress[]::new);
        return new EndpointPolicy(false, host -> resolved).resolve("host.example");
    }
}
