package io.rootstock.service.access;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.Duration;
import io.rootstock.registry.v1.CreateAccessTokenRequest;
import io.rootstock.registry.v1.CreateAccessTokenResponse;
import io.rootstock.registry.v1.UpdateModelRequest;
import io.rootstock.registry.v1.UploadFileRequest;
import io.rootstock.service.access.AuditedCall.AuditText;
import org.junit.jupiter.api.Test;

class AuditTextTest {
    @Test
    void leavesOutSecretsAndContents() {
        assertThat(AuditText.of(CreateAccessTokenResponse.newBuilder()
                        .setSecret("rst_secret")
                        .build()))
                .isEqualTo("{}");
        assertThat(AuditText.of(UploadFileRequest.newBuilder()
                        .setChunk(ByteString.copyFromUtf8("private"))
                        .build()))
                .isEqualTo("{}");
    }

    @Test
    void writesMessagesWithoutAJsonForm() {
        assertThat(AuditText.of(CreateAccessTokenRequest.newBuilder()
                        .setPrincipal("users/a")
                        .setLifetime(Duration.newBuilder().setSeconds(Long.MAX_VALUE))
                        .build()))
                .isEqualTo("principal: \"users/a\" lifetime { seconds: 9223372036854775807 }");
    }

    @Test
    void isShortAndHasNoNul() {
        String text = AuditText.of(UpdateModelRequest.newBuilder()
                .setName("models/\0")
                .setDescription("x".repeat(100_000))
                .build());
        assertThat(text)
                .hasSize(8192)
                .startsWith("{\"name\":\"models/\\u0000\"")
                .doesNotContain("\0");
    }

    @Test
    void textsOfCallersAreCutAndHaveNoNul() {
        assertThat(AuditText.of("a\0b", 100)).isEqualTo("a\\u0000b");
        assertThat(AuditText.of("a".repeat(1000), 512)).hasSize(512);
    }
}
