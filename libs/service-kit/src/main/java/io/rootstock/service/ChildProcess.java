package io.rootstock.service;

import io.quarkus.grpc.runtime.GrpcServer;
import io.quarkus.runtime.Startup;
import io.quarkus.value.registry.ValueRegistry;
import io.quarkus.value.registry.ValueRegistry.RuntimeKey;
import io.quarkus.vertx.http.HttpServerStart;
import io.quarkus.vertx.http.HttpsServerStart;
import io.rootstock.files.AtomicFile;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.ObservesAsync;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import org.jboss.logging.Logger;

/** The part of a service that its parent process needs: bound ports in a file, and an end with the parent. */
@ApplicationScoped
public class ChildProcess {
    private static final Logger LOG = Logger.getLogger(ChildProcess.class);
    private static final RuntimeKey<Integer> HTTP = RuntimeKey.intKey("quarkus.http.port");
    private static final RuntimeKey<Integer> HTTPS = RuntimeKey.intKey("quarkus.http.ssl-port");

    private final ProcessSettings settings;
    private final ValueRegistry values;

    /** Required by the CDI client proxy. */
    ChildProcess() {
        settings = null;
        values = null;
    }

    @Inject
    ChildProcess(ProcessSettings settings, ValueRegistry values) {
        this.settings = settings;
        this.values = values;
    }

    @Startup
    void watchParent() {
        if (settings.endWithParent()) {
            Thread.ofPlatform().daemon().name("parent-watch").start(ChildProcess::endWithParent);
        }
    }

    private static void endWithParent() {
        try {
            while (System.in.read() >= 0) {
                // The parent does not write.
            }
        } catch (IOException _) {
            // The parent has ended.
        }
        Runtime.getRuntime().halt(1);
    }

    /** HTTP is the last server that starts. */
    void started(@ObservesAsync HttpServerStart event) {
        settings.portsFile().ifPresent(this::writePorts);
    }

    void startedWithTls(@ObservesAsync HttpsServerStart event) {
        settings.portsFile().ifPresent(this::writePorts);
    }

    private void writePorts(Path file) {
        StringBuilder ports = new StringBuilder();
        append(ports, "grpc", GrpcServer.GRPC_PORT);
        append(ports, "http", values.containsKey(HTTP) ? HTTP : HTTPS);
        try {
            AtomicFile.write(file, ports.toString());
        } catch (IOException e) {
            LOG.error("cannot write rootstock.process.ports-file " + file, e);
            throw new UncheckedIOException(e);
        }
    }

    private void append(StringBuilder ports, String name, RuntimeKey<Integer> key) {
        if (values.containsKey(key)) {
            ports.append(name).append('=').append(values.get(key)).append('\n');
        }
    }
}
