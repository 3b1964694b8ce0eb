package io.rootstock.cli.installation;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;

/**
 * A download whose services are shell scripts, for tests of their processes: they start at once and answer no calls.
 *
 * @param root folder of the download
 */
record ScriptedDownload(Path root) {
    /** A service that runs until it is ended. */
    static final String RUNS = "while :; do sleep 0.1; done";

    /** Writes a download in which all services run until they are ended. */
    static ScriptedDownload write(Path root) throws IOException {
        ScriptedDownload download = new ScriptedDownload(Files.createDirectories(root));
        Files.writeString(root.resolve("version.properties"), "version=1\nplatform=linux-x86_64\n");
        for (Service service : Service.values()) {
            download.script(service, RUNS);
        }
        return download;
    }

    /** Replaces the script of a service. */
    void script(Service service, String commands) throws IOException {
        Path file = Files.createDirectories(root.resolve("services").resolve(service.label()))
                .resolve(service.label() + "-service");
        Files.writeString(file, "#!/bin/sh\n" + commands + "\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
    }

    /** The running processes of its services. */
    List<ProcessHandle> processes() {
        return ProcessHandle.allProcesses()
                .filter(process -> process.info()
                        .commandLine()
                        .filter(line -> line.contains(root.resolve("services").toString()))
                        .isPresent())
                .toList();
    }
}
