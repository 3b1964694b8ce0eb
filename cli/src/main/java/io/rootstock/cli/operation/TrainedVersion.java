package io.rootstock.cli.operation;

import java.util.Optional;

/** A command that trains a version. */
public interface TrainedVersion {
    /** Resource name of the version, after the command has succeeded; empty if it did not wait for the job. */
    Optional<String> trainedVersion();
}
