package io.rootstock.postgres;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.UserPrincipal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * The account that PostgreSQL's programs run under; they refuse to run as root. A regular user runs them directly. Root
 * runs them in a user namespace (files still belong to root, but the server's uid is not 0). Where user namespaces are
 * forbidden, root runs them as the first existing user of {@link #USERS}, which then owns the data directory.
 */
sealed interface ServerAccount {
    /** Unprivileged Unix users, in order of preference. */
    List<String> USERS = List.of("postgres", "nobody");

    /** Returns the command with the prefix that runs it under this account. */
    List<String> command(List<String> command);

    /** Makes a file, or a directory tree, readable and writable for the account. */
    void own(Path path);

    /** Returns the first account that works on this machine. */
    static ServerAccount detect() {
        if (!isRoot()) {
            return new Self();
        }
        if (works(List.of("unshare", "--user", "true"))) {
            return new UserNamespace();
        }
        for (String user : USERS) {
            if (works(List.of("setpriv", "--reuid", user, "--clear-groups", "true"))) {
                return new OtherUser(user);
            }
        }
        throw new PostgresException(
                "PostgreSQL does not run as root, and neither `unshare --user` nor `setpriv --reuid`"
                        + " works here. Run the registry as an ordinary user, or name an external server with"
                        + " rootstock.registry.database-url.");
    }

    private static boolean isRoot() {
        try {
            return (int) Files.getAttribute(Path.of("/proc/self"), "unix:uid") == 0;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the user id of this process from /proc/self", e);
        }
    }

    private static boolean works(List<String> command) {
        try {
            return Commands.run(command, Duration.ofSeconds(10)).succeeded();
        } catch (PostgresException notInstalled) {
            return false;
        }
    }

    /** The service's own user, which is not root. */
    record Self() implements ServerAccount {
        @Override
        public List<String> command(List<String> command) {
            return command;
        }

        @Override
        public void own(Path path) {
            // Files that this process creates already belong to the account.
        }
    }

    /** A user namespace: uid 0 outside, the overflow uid (65534) inside. */
    record UserNamespace() implements ServerAccount {
        @Override
        public List<String> command(List<String> command) {
            return prefixed(List.of("unshare", "--user"), command);
        }

        @Override
        public void own(Path path) {
            // Root's files belong to the process's uid inside the namespace.
        }
    }

    /** Another user, which needs search permission on the parents of the data directory. */
    record OtherUser(String user) implements ServerAccount {
        @Override
        public List<String> command(List<String> command) {
            return prefixed(List.of("setpriv", "--reuid", user, "--clear-groups"), command);
        }

        @Override
        public void own(Path path) {
            try (Stream<Path> all = Files.walk(path)) {
                UserPrincipal owner =
                        path.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName(user);
                for (Path each : (Iterable<Path>) all::iterator) {
                    Files.setOwner(each, owner);
                }
            } catch (IOException e) {
                throw new PostgresException("cannot give " + path + " to the user " + user, e);
            }
        }
    }

    private static List<String> prefixed(List<String> prefix, List<String> command) {
        List<String> all = new ArrayList<>(prefix);
        all.addAll(command);
        return List.copyOf(all);
    }
}
