package io.rootstock.registry.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.SecureRandom;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SessionSealTest {
    private static final Instant NOW = Instant.ofEpochSecond(1_800_000_000);
    private static final SessionSeal.Session SESSION = new SessionSeal.Session("token-äß", NOW.plusSeconds(60));

    private final SessionSeal seal = new SessionSeal("0123456789abcdef", new SecureRandom());

    @Test
    void aSealedSessionIsReadByAllRegistriesOfTheInstallation() {
        SessionSeal other = new SessionSeal("0123456789abcdef", new SecureRandom());
        assertThat(other.open(seal.seal(SESSION), NOW)).contains(SESSION);
    }

    @Test
    void theTokenIsNotInTheCookieAndEachCookieIsDifferent() {
        String cookie = seal.seal(SESSION);
        assertThat(cookie).matches("[A-Za-z0-9_-]+").doesNotContain("token");
        assertThat(seal.seal(SESSION)).isNotEqualTo(cookie);
    }

    @Test
    void aSessionEndsAtItsExpiry() {
        String cookie = seal.seal(SESSION);
        assertThat(seal.open(cookie, NOW.plusSeconds(59))).isPresent();
        assertThat(seal.open(cookie, NOW.plusSeconds(60))).isEmpty();
    }

    @Test
    void anotherInstallationDoesNotReadIt() {
        SessionSeal other = new SessionSeal("fedcba9876543210", new SecureRandom());
        assertThat(other.open(seal.seal(SESSION), NOW)).isEmpty();
    }

    @Test
    void everyChangedCharacterIsNoticed() {
        String cookie = seal.seal(SESSION);
        // The last character may have bits that do not count.
        for (int i = 0; i < cookie.length() - 1; i++) {
            char changed = cookie.charAt(i) == 'A' ? 'B' : 'A';
            assertThat(seal.open(cookie.substring(0, i) + changed + cookie.substring(i + 1), NOW))
                    .as("character %d", i)
                    .isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "A", "not base64!", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"})
    void otherTextsAreNotSessions(String cookie) {
        assertThat(seal.open(cookie, NOW)).isEmpty();
    }
}
