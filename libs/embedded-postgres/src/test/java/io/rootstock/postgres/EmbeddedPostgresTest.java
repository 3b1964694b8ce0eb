package io.rootstock.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedPostgresTest {
    private static final Duration LIMIT = Duration.ofMinutes(1);

    @TempDir
    private static Path binaries;

    @TempDir
    private Path home;

    @BeforeAll
    static void unpackOnce() {
        assertThat(PostgresBinaries.unpackedBelow(binaries).majorVersion()).isEqualTo(17);
    }

    @Test
    void keepsRowsAcrossARestartWithDurableSettings() throws SQLException {
        try (EmbeddedPostgres server = start()) {
            execute(server, "create table kept (value int)");
            execute(server, "insert into kept values (42)");
            assertThat(query(server, "show fsync")).isEqualTo("on");
            assertThat(query(server, "show synchronous_commit")).isEqualTo("on");
            assertThat(query(server, "show full_page_writes")).isEqualTo("on");
            assertThat(query(server, "show listen_addresses")).isEqualTo("127.0.0.1");
        }
        try (EmbeddedPostgres server = start()) {
            assertThat(server.adopted()).isFalse();
            assertThat(query(server, "select value from kept")).isEqualTo("42");
        }
    }

    @Test
    void thePasswordFileIsReadableByItsOwnerOnly() throws IOException {
        try (EmbeddedPostgres server = start()) {
            Path password = folder().resolve("password");
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(password)))
                    .isEqualTo("rw-------");
            server.dataSource().setPassword("not " + Files.readString(password));
            assertThatThrownBy(() -> query(server, "select 1")).hasMessageContaining("password");
        }
    }

    @Test
    void restartsAfterAKillWithEveryCommittedRow() throws Exception {
        try (EmbeddedPostgres server = start()) {
            execute(server, "create table kept (value int)");
            execute(server, "insert into kept values (1)");
            long killed = server.pid();
            ProcessHandle.of(killed).orElseThrow().destroyForcibly();
            assertThat(eventually(server, "select value from kept")).isEqualTo("1");
            assertThat(server.pid()).isNotEqualTo(killed);
        }
    }

    @Test
    void removesAPidFileWithThePidOfAnotherProgram() throws Exception {
        start().close();
        Files.writeString(
                folder().resolve("data/postmaster.pid"),
                ProcessHandle.current().pid() + "\n" + folder().resolve("data") + "\n0\n5432\n\n127.0.0.1\n");
        try (EmbeddedPostgres server = start()) {
            assertThat(query(server, "select 1")).isEqualTo("1");
        }
    }

    @Test
    void rejectsAFolderOfAnotherMajorVersionAndLeavesItUnchanged() throws IOException {
        start().close();
        Path version = folder().resolve("data/PG_VERSION");
        Files.writeString(version, "16\n");
        assertThatThrownBy(this::start)
                .isInstanceOf(PostgresException.class)
                .hasMessageContaining("written by PostgreSQL 16")
                .hasMessageContaining("runs PostgreSQL 17")
                .hasMessageContaining("pg_dump")
                .hasMessageContaining("rootstock.registry.database-url");
        assertThat(version).hasContent("16\n");
        Files.writeString(version, "17\n");
        start().close();
    }

    @Test
    void onlyOneRegistryAtATimeOpensAFolder() {
        try (EmbeddedPostgres _ = start()) {
            assertThatThrownBy(this::start).hasMessageContaining("another registry service already uses");
        }
    }

    @Test
    void startsAfterAnInterruptedInitialization() throws Exception {
        Files.createDirectories(folder().resolve("data.partial/base"));
        try (EmbeddedPostgres server = start()) {
            assertThat(query(server, "select 1")).isEqualTo("1");
        }
    }

    @Test
    void runsAsAnotherUserWhereUserNamespacesAreForbidden() throws Exception {
        assumeThat(Files.getAttribute(Path.of("/proc/self"), "unix:uid")).isEqualTo(0);
        Set<PosixFilePermission> open = PosixFilePermissions.fromString("rwxr-xr-x");
        for (Path path : List.of(home, binaries)) {
            Files.setPosixFilePermissions(path, open);
        }
        ServerAccount account = new ServerAccount.OtherUser("nobody");
        try (EmbeddedPostgres server = EmbeddedPostgres.start(folder(), binaries, account, LIMIT)) {
            execute(server, "create table kept (value int)");
            execute(server, "insert into kept values (7)");
        }
        try (EmbeddedPostgres server = EmbeddedPostgres.start(folder(), binaries, account, LIMIT)) {
            assertThat(query(server, "select value from kept")).isEqualTo("7");
            assertThat(Files.getOwner(Path.of("/proc", Long.toString(server.pid())))
                            .getName())
                    .isEqualTo("nobody");
        }
    }

    /** With a limit of zero, every server counts as in recovery when it has started. */
    @Test
    void aRecoveryLongerThanTheLimitOfAStartIsAwaited() throws Exception {
        try (EmbeddedPostgres server = start()) {
            execute(server, "create table kept (value int)");
            execute(server, "insert into kept values (7)");
            server.closeAtOnce();
        }
        ServerAccount account = ServerAccount.detect();
        try (EmbeddedPostgres server = EmbeddedPostgres.start(folder(), binaries, account, Duration.ZERO)) {
            assertThat(query(server, "select value from kept")).isEqualTo("7");
            assertThat(server.adopted()).isFalse();
        }
    }

    private EmbeddedPostgres start() {
        return EmbeddedPostgres.start(folder(), binaries);
    }

    private Path folder() {
        return home.resolve("registry/postgres");
    }

    private static void execute(EmbeddedPostgres server, String sql) throws SQLException {
        try (Connection connection = server.dataSource().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static String query(EmbeddedPostgres server, String sql) throws SQLException {
        try (Connection connection = server.dataSource().getConnection();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            assertThat(rows.next()).isTrue();
            return rows.getString(1);
        }
    }

    private static String eventually(EmbeddedPostgres server, String sql) throws SQLException {
        long end = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        while (true) {
            try {
                return query(server, sql);
            } catch (SQLException e) {
                if (System.nanoTime() > end) {
                    throw e;
                }
                LockSupport.parkNanos(5_000_000);
            }
        }
    }
}
