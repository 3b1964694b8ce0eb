package io.rootstock.cli.doctor;

import io.rootstock.cli.display.Format;
import io.rootstock.cli.error.CliException;
import io.rootstock.cli.installation.DataDirectory;
import io.rootstock.files.FullDisk;
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
            requireWritable(existing);
            return List.of(space(Files.getFileStore(existing).getUsableSpace()));
        } catch (IOException failure) {
            CliException named = new DataDirectory(existing).failure(failure);
            return List.of(Finding.error(NAME, named.getMessage(), named.hint()));
        }
    }

    private static void requireWritable(Path folder) throws IOException {
        try {
            Files.delete(Files.createTempFile(folder, ".doctor", ".tmp"));
        } catch (IOException failure) {
            if (!FullDisk.isCauseOf(failure)) {
                throw failure;
            }
        }
    }

    private Finding space(long free) {
        String found = Format.bytes(free) + " free for " + home;
        if (free < least) {
            return Finding.error(
                    NAME, found + "; at least " + Format.bytes(least) + " are needed", DataDirectory.FREE_SPACE);
        }
        return free < RECOMMENDED
                ? Finding.warning(NAME, found + "; models and checkpoints soon need more", DataDirectory.FREE_SPACE)
                : Finding.ok(NAME, found);
    }
}
