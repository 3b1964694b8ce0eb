package io.rootstock.service.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.grpc.StatusRuntimeException;
import io.rootstock.service.ErrorDetails;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RequestOriginTest {
    private final RequestOrigin withTokens = new RequestOrigin(true, List.of("https://proxy.example"), List.of());
    private final RequestOrigin withoutTokens = new RequestOrigin(false, List.of(), List.of("Proxy.Example"));

    private static Optional<String> reason(RequestOrigin origin, String host, String header, String site) {
        return ErrorDetails.reason(
                catchThrowableOfType(StatusRuntimeException.class, () -> origin.check(host, header, site)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "localhost",
                "localhost:7410",
                "console.localhost:7410",
                "proxy.example:80",
                "LOCALHOST:7410",
                "127.0.0.1:7410",
                "127.1.2.3",
                "[::1]:7410"
            })
    void withoutTokensRequestsNameThisMachine(String host) {
        assertThatCode(() -> withoutTokens.check(host, null, null)).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "evil.example",
                "evil.example:7410",
                "localhost.evil.example",
                "127.0.0.1.evil.example",
                "10.0.0.1:7410",
                "0.0.0.0",
                "localhost@evil.example",
                "local host",
                ""
            })
    void withoutTokensOtherNamesAreRefused(String host) {
        assertThat(reason(withoutTokens, host, null, null)).contains("HOST_NOT_LOCAL");
        assertThatCode(() -> withTokens.check(host, null, null)).doesNotThrowAnyException();
    }

    @Test
    void withoutTokensAMissingHostIsRefused() {
        assertThat(reason(withoutTokens, null, null, null)).contains("HOST_NOT_LOCAL");
    }

    @ParameterizedTest
    @CsvSource({
        "rootstock.example:7410, http://rootstock.example:7410",
        "rootstock.example, http://rootstock.example",
        "rootstock.example, https://rootstock.example",
        "rootstock.example:443, https://rootstock.example",
        "Rootstock.Example, https://rootstock.example",
        "10.0.0.1:7410, https://proxy.example"
    })
    void pagesOfTheAddressOrOfAnOriginOfTheSettingsMayCall(String host, String origin) {
        assertThatCode(() -> withTokens.check(host, origin, null)).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @CsvSource({
        "rootstock.example, http://evil.example",
        "rootstock.example, http://rootstock.example.evil.example",
        "rootstock.example, http://rootstock.example:8080",
        "rootstock.example:7410, http://rootstock.example",
        "rootstock.example, null",
        "rootstock.example, file:///tmp/page.html",
        "rootstock.example, http://",
        "rootstock.example, ''",
        "10.0.0.1:7410, https://proxy.example.evil.example"
    })
    void pagesOfOtherOriginsAreRefused(String host, String origin) {
        assertThat(reason(withTokens, host, origin, null)).contains("CROSS_ORIGIN");
    }

    @ParameterizedTest
    @ValueSource(strings = {"cross-site", "same-site", "unknown"})
    void requestsThatTheBrowserCallsForeignAreRefused(String site) {
        assertThat(reason(withTokens, "rootstock.example", null, site)).contains("CROSS_ORIGIN");
        assertThat(reason(withTokens, "rootstock.example", "https://rootstock.example", site))
                .contains("CROSS_ORIGIN");
    }

    @ParameterizedTest
    @ValueSource(strings = {"same-origin", "none"})
    void requestsThatTheBrowserCallsOwnMayCall(String site) {
        assertThatCode(() -> withTokens.check("rootstock.example", "https://rootstock.example", site))
                .doesNotThrowAnyException();
    }
}
