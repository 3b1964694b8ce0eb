package io.rootstock.service;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;
import java.util.Optional;

/** Settings of a service that another process starts as its child. */
@ConfigMapping(prefix = "rootstock.process")
public interface ProcessSettings {
    /**
     * File that receives the ports that the service listens on, one {@code grpc=PORT} or {@code http=PORT} per line, once
     * it has started. Not set: none.
     */
    Optional<Path> portsFile();

    /** End when standard input ends: when the parent process, which holds its other end, has ended in any way. */
    @WithDefault("false")
    boolean endWithParent();
}
