package io.rootstock.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EndpointTest {
    @Test
    void readsEndpoints() {
        assertThat(Endpoint.parse("127.0.0.1:7401").isLoopback()).isTrue();
        assertThat(Endpoint.parse("localhost:7401").isLoopback()).isTrue();
        assertThat(Endpoint.parse("[::1]:7401")).hasToString("[::1]:7401");
        assertThat(Endpoint.parse("registry.rootstock:7400").isLoopback()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "host", "host:", ":7401", "host:0", "host:99999", "::1:7401", "http://host:1"})
    void refusesWhatIsNoEndpoint(String endpoint) {
        assertThatThrownBy(() -> Endpoint.parse(endpoint))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("host:port");
    }
}
