package io.rootstock.inference.serving;

/** Sets the versions that {@link ServedModels} serves, from its creation until it is closed. */
sealed interface VersionSource extends AutoCloseable permits AliasFollower, PinnedVersion {
    @Override
    void close();
}
