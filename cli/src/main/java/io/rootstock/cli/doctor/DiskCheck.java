package io.rootstock.cli.doctor;

import io.rootstock.cli.display.Format;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The data directory: it can be written, and its disk has space. */
record DiskCheck(Path home, long least) implements Check {
    private static final String NAME = "disk";
    private static final long RECOMMENDED = 10L << 30;

    @Override
    public List<Finding> run() {
        Path existing = home.toAbsolutePath();
        while (!Files.exists(existing)) {
            existing = existing.getParent();
        }
        if (!Files.isDirectory(existing)) {
            return List.of(Finding.error(
                    NAME, existing + " is a file, not a directory", "choose another data directory with --home"));
        }
        try {
            Files.delete(Files.createTempFile(existing, ".doctor", ".tmp"));
            return List.of(space(Files.getFileStore(existing).getUsableSpace()));
        } catch (IOException failure) {
            return List.of(Finding.error(
                    NAME,
                    "cannot write to " + existing + ": " + failure.getMessage(),
                    "make it writable for this user, or choose another data directory with --home"));
        }
    }

    private Finding space(long free) {
        String found = Format.bytes(free) + " free for " + home;
        String hint = "free disk space (rootstock prune removes what no model and no job uses), or choose another data"
                + " directory with --home";
        if (free < least) {
            return Finding.error(NAME, found + "; at least " + Format.bytes(least) + " are needed", hint);
        }
        return free < RECOMMENDED
                ? Finding.warning(NAME, found + "; models and checkpoints soon need more", hint)
                : Finding.ok(NAME, found);
    }
}
