package io.rootstock.cli.command.admin;

import io.rootstock.cli.display.Console;
import io.rootstock.cli.display.Format;
import io.rootstock.cli.display.Progress;
import io.rootstock.registry.v1.Backup;
import io.rootstock.registry.v1.CopyProgress;

/** Prints the progress of a backup or verification, with the remaining time, and its dangling digests. */
final class BackupReport {
    private static final int SHOWN = 20;

    private final Progress progress;
    private String phase = "";
    private long start;

    BackupReport(Progress progress) {
        this.progress = progress;
    }

    void show(CopyProgress at) {
        long now = System.nanoTime();
        if (!phase.equals(at.getPhase())) {
            phase = at.getPhase();
            start = now;
        }
        String note = phase;
        if (at.getArtifactsTotal() > 0) {
            note += "  " + at.getArtifacts() + " of " + at.getArtifactsTotal();
        }
        if (at.getBytesTotal() > 0) {
            note += "  " + Format.bytes(at.getBytes()) + " of " + Format.bytes(at.getBytesTotal());
        }
        if (at.getBytes() > 0) {
            double seconds = (now - start) * 1e-9;
            note += "  ETA " + Format.duration(seconds * (at.getBytesTotal() - at.getBytes()) / at.getBytes());
        }
        progress.show(at.getBytes(), at.getBytesTotal(), note);
    }

    /** Prints the dangling digests and returns the exit code: 1 if there are any. */
    static int dangling(Backup backup, Console console) {
        if (backup.getDanglingTotal() == 0) {
            return 0;
        }
        backup.getDanglingList().stream().limit(SHOWN).forEach(digest -> console.print("dangling: " + digest));
        if (backup.getDanglingTotal() > SHOWN) {
            console.print("and " + (backup.getDanglingTotal() - SHOWN) + " more");
        }
        console.note(Format.counted(backup.getDanglingTotal(), "artifact") + " missing or damaged");
        return 1;
    }
}
