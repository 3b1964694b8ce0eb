package io.rootstock.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.ds.PGSimpleDataSource;

class ExternalDatabaseTest {
    @TempDir
    private Path folder;

    @Test
    void readsTheSettings() throws IOException {
        Path password = Files.writeString(folder.resolve("password"), "secret\n");
        PGSimpleDataSource source = ExternalDatabase.dataSource(
                "jdbc:postgresql://db:5433/models", Optional.of("rootstock"), Optional.of(password));
        assertThat(source.getServerNames()).containsExactly("db");
        assertThat(source.getPortNumbers()).containsExactly(5433);
        assertThat(source.getDatabaseName()).isEqualTo("models");
        assertThat(source.getUser()).isEqualTo("rootstock");
        assertThat(source.getPassword()).isEqualTo("secret");
    }

    @Test
    void namesTheSettingThatIsInvalid() {
        assertThatThrownBy(() -> ExternalDatabase.dataSource("db:5432", Optional.empty(), Optional.empty()))
                .isInstanceOf(DatabaseStartException.class)
                .hasMessage("rootstock.registry.database-url must be like jdbc:postgresql://host:5432/database,"
                        + " was db:5432");
        Path missing = folder.resolve("missing");
        assertThatThrownBy(() -> ExternalDatabase.dataSource(
                        "jdbc:postgresql://db/models", Optional.empty(), Optional.of(missing)))
                .isInstanceOf(DatabaseStartException.class)
                .hasMessageContaining("rootstock.registry.database-password-file");
    }

    @ParameterizedTest
    @ValueSource(strings = {"08006", "53100", "53300", "57P01", "57P03", "58030"})
    void aServerThatCannotServeNowIsUnavailable(String state) {
        assertThat(Unavailability.is(new SQLException("refused", state))).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"23505", "40P01", "57014", "22021", ""})
    void aRejectedStatementIsNotUnavailable(String state) {
        assertThat(Unavailability.is(new SQLException("refused", state))).isFalse();
        assertThat(Unavailability.is(new SQLException("refused"))).isFalse();
    }

    @Test
    void aPoolWithoutAConnectionIsUnavailable() {
        assertThat(Unavailability.is(new SQLTransientConnectionException("timed out")))
                .isTrue();
    }
}
