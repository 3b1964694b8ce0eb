package io.rootstock.cli.installation;

import io.rootstock.cli.error.CliException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

/**
 * Keeps this program in the foreground for the services of an installation, as supervisors of processes expect it. The
 * services stop with the program.
 *
 * @param installation the installation with running services
 */
public record Foreground(Installation installation) {
    /**
     * Waits until a service exits, then stops the others. Ending this program stops all of them.
     *
     * @param begun runs as soon as that is so
     * @throws CliException naming the service that has exited
     */
    public void run(Runnable begun) {
        Thread hook = new Thread(installation::stop, "stop services");
        Runtime.getRuntime().addShutdownHook(hook);
        begun.run();
        Service exited = awaitExit();
        try {
            boolean _ = Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException shuttingDown) {
            return;
        }
        List<Service> _ = installation.stop();
        throw new CliException(
                "the " + exited.label() + " service has exited",
                "see " + installation.log(exited) + ", then run: rootstock up");
    }

    private Service awaitExit() {
        List<CompletableFuture<Service>> exits =
                Stream.of(Service.values()).map(this::exit).toList();
        return exits.stream()
                .reduce((one, other) -> one.applyToEither(other, service -> service))
                .orElseThrow()
                .join();
    }

    private CompletableFuture<Service> exit(Service service) {
        Optional<ProcessHandle> process = installation.running(service).flatMap(ProcessRecord::process);
        return process.map(running -> running.onExit().thenApply(_ -> service))
                .orElseGet(() -> CompletableFuture.completedFuture(service));
    }
}
