package io.rootstock.artifacts.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class S3LocationTest {
    @Test
    void readsBucketPrefixAndParameters() {
        S3Location location = S3Location.parse(URI.create(
                "s3://models/team/a/?endpoint=https://s3.example.com:9000&region=eu-central-1&encryption=aws:kms&key=k1"
                        + "&part-mib=64&cache-gib=2"));
        assertThat(location.bucket()).isEqualTo("models");
        assertThat(location.prefix()).isEqualTo("team/a/");
        assertThat(location.endpoint()).contains(URI.create("https://s3.example.com:9000"));
        assertThat(location.region()).contains("eu-central-1");
        assertThat(location.encryption()).contains("aws:kms");
        assertThat(location.key()).contains("k1");
        assertThat(location.partBytes()).isEqualTo(64L << 20);
        assertThat(location.cacheBytes()).isEqualTo(2L << 30);
    }

    @Test
    void isAWholeBucketWithoutPath() {
        S3Location location = S3Location.parse(URI.create("s3://models"));
        assertThat(location.prefix()).isEmpty();
        assertThat(location.endpoint()).isEmpty();
        assertThat(location).hasToString("s3://models/");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "s3:models | s3://BUCKET/PREFIX",
                "s3://id:secret@models | no credentials",
                "s3://models?endpoint=http://id:secret@localhost:9000 | no credentials",
                "s3://models?part-mib=4 | from 5 to 5120",
                "s3://models?part-mib=x | from 5 to 5120",
                "s3://models?regoin=x | no parameter 'regoin'; known are cache-gib, encryption, endpoint",
                "s3://models?endpoint=localhost:9000 | endpoint is not an HTTP address",
                "s3://models?encryption=rot13 | AES256 or aws:kms",
            })
    void rejectsOtherAddressesWithTheReason(String address, String reason) {
        assertThatThrownBy(() -> S3Location.parse(URI.create(address)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(reason)
                .hasMessageNotContaining("secret");
    }
}
