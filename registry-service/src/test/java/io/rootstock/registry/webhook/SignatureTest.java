package io.rootstock.registry.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import io.rootstock.registry.webhook.WebhookSender.Signature;
import java.util.List;
import org.junit.jupiter.api.Test;

class SignatureTest {
    private static final Secret SECRET = new Secret("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
    private static final String EXPECTED = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";

    @Test
    void theTestVectorOfTheSpecification() {
        assertThat(sign(List.of(SECRET))).isEqualTo(EXPECTED);
    }

    @Test
    void everySecretSigns() {
        assertThat(sign(List.of(new Secret("whsec_" + "A".repeat(44)), SECRET)))
                .matches("v1,[A-Za-z0-9+/=]{44} v1,.*")
                .endsWith(" " + EXPECTED);
    }

    @Test
    void secretsAreRandomAndNotPrinted() {
        Secret secret = Secret.generate();
        assertThat(secret.text()).matches("whsec_[A-Za-z0-9+/]{43}=");
        assertThat(secret.key()).hasSize(32);
        assertThat(secret).isNotEqualTo(Secret.generate());
        assertThat(new Endpoint("https://example.com", List.of(secret)).toString())
                .contains("redacted")
                .doesNotContain("whsec_");
    }

    private static String sign(List<Secret> secrets) {
        return Signature.header(secrets, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, "{\"test\": 2432232314}");
    }
}
