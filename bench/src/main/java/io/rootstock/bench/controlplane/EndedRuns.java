package io.rootstock.bench.controlplane;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Fills the directory of a trainer with finished runs and the markers of their acceptance. */
record EndedRuns(int runs, int points) {
    private static final String STATE = """
            {"state":"RUN_STATE_SUCCEEDED","message":"finished","createdMillis":%d,"queuedMillis":%d,\
            "desiredState":"RUNNING","failures":0,"checkpointStep":-1,"ranks":0,"command":0}""";

    void fill(Path directory) throws IOException {
        StringBuilder log = new StringBuilder();
        for (int point = 1; point <= points; point++) {
            log.append(
                    "{\"sequence\":\"%d\",\"time\":\"2026-11-27T00:00:00Z\",\"progress\":{\"step\":\"%d\",\"loss\":3.25}}%n"
                            .formatted(point, point));
        }
        log.append(
                "{\"sequence\":\"%d\",\"time\":\"2026-11-27T00:00:00Z\",\"stateChanged\":{\"state\":\"RUN_STATE_SUCCEEDED\"}}%n"
                        .formatted(points + 1));
        Path accepted = Files.createDirectories(directory.resolve(".accepted"));
        for (int run = 0; run < runs; run++) {
            Files.createFile(accepted.resolve("job-" + run));
            Path folder = Files.createDirectories(directory.resolve("job-" + run));
            Files.writeString(folder.resolve("spec.json"), "{\"task\":\"TASK_PRETRAIN\"}");
            Files.writeString(folder.resolve("state.json"), STATE.formatted(run, run));
            Files.writeString(folder.resolve("events.log"), log);
        }
    }
}
