package io.rootstock.registry.database;

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
 * Under which account PostgreSQL's programs run. They refuse to run as root. An ordinary user runs them as they are.
 * Root runs them in a user namespace of their own (the kernel still sees root's files, the server sees no root); where
 * namespaces are forbidden, as the user {@code postgres} or {@code nobody}, who then owns the data folder.
 */
sealed interface ServerAccount {
    /** The command as this account runs it. */
    List<String> command(List<String> command);

    /** Makes a file or folder with all below it readable and writable for the account. */
    void own(Path path);

    /** The account that works here. */
    static ServerAccount detect() {
        if (!isRoot()) {
            return new Self();
        }
        if (works(List.of("unshare", "--user", "true"))) {
            return new UserNamespace();
        }
        for (String user : List.of("postgres", "nobody")) {
            if (works(List.of("setpriv", "--reuid", user, "--clear-groups", "true"))) {
                return new OtherUser(user);
            }
        }
        throw new DatabaseException(
                "PostgreSQL does not run as root, and neither `unshare --user` nor `setpriv --reuid`"
                        + " works here. Run the registry as an ordinary user, or name an external server with"
                        + " rootstock.registry.database-url.");
    }

    private static boolean isRoot() {
        try {
            return (int) Files.getAttribute(Path.of("/proc/self"), "unix:uid") == 0;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read whom this process runs as", e);
        }
    }

    private static boolean works(List<String> command) {
        try {
            return Commands.run(command, Duration.ofSeconds(10)).succeeded();
        } catch (DatabaseException notInstalled) {
            return false;
        }
    }

    /** The service's own, ordinary user. */
    record Self() implements ServerAccount {
        @Override
        public List<String> command(List<String> command) {
            return command;
        }

        @Override
        public void own(Path path) {
            // What this process makes is its own already.
        }
    }

    /** Root outside, nobody within. */
    record UserNamespace() implements ServerAccount {
        @Override
        public List<String> command(List<String> command) {
            return prefixed(List.of("unshare", "--user"), command);
        }

        @Override
        public void own(Path path) {
            // Within the namespace the files of root are the account's own.
        }
    }

    /** Another user, who must be able to reach the data folder. */
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
                throw new DatabaseException("cannot give " + path + " to the user " + user, e);
            }
        }
    }

    private static List<String> prefixed(List<String> prefix, List<String> command) {
        List<String> all = new ArrayList<>(prefix);
        all.addAll(command);
        return List.copyOf(all);
    }
}
