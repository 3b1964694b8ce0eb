package io.rootstock.trainer.pod;

import io.rootstock.trainer.run.RunDirectory;
import io.rootstock.trainer.run.WorkerHandle;
import io.rootstock.trainer.run.WorkerLauncher;
import io.rootstock.trainer.run.WorkerReports;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Remote workers whose agents are processes on this machine, each with a directory of its own. */
final class AgentProcesses implements WorkerLauncher {
    private final Path folder;
    private final Map<String, String> properties;
    /** The last agent of each run. */
    private final Map<String, Process> agents = new ConcurrentHashMap<>();

    private final List<Process> started = new ArrayList<>();

    /**
     * Creates the launcher.
     *
     * @param folder directory of the agents' homes and logs
     * @param properties settings of the agents
     */
    AgentProcesses(Path folder, Map<String, String> properties) {
        this.folder = folder;
        this.properties = properties;
    }

    /** Number of agents that were started. */
    synchronized int count() {
        return started.size();
    }

    /** The last agent of a run. */
    ProcessHandle agent(String run) {
        return agents.get(run).toHandle();
    }

    /** The worker of a run's last agent. */
    Optional<ProcessHandle> worker(String run) {
        return agent(run).children().findFirst();
    }

    /** Kills the last agent of a run and its worker, as the loss of a pod does. */
    void kill(String run) {
        Process agent = agents.get(run);
        List<ProcessHandle> children = agent.descendants().toList();
        agent.destroyForcibly();
        children.forEach(ProcessHandle::destroyForcibly);
        agent.onExit().join();
    }

    /** Output of all agents. */
    synchronized String logs() {
        StringBuilder logs = new StringBuilder();
        for (int i = 0; i < started.size(); i++) {
            try {
                logs.append("agent ").append(i).append(":\n").append(Files.readString(log(i)));
            } catch (IOException e) {
                logs.append(e);
            }
        }
        return logs.toString();
    }

    @Override
    public synchronized WorkerHandle launch(RunDirectory directory, int ranks) {
        int number = started.size();
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx128m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-D" + AgentSettings.DIRECTORY + "=" + folder.resolve("agent-" + number),
                "-D" + AgentSettings.RUN + "=" + directory.runId(),
                "-D" + AgentSettings.HOLDER + "=agent-" + number));
        properties.forEach((name, value) -> command.add("-D" + name + "=" + value));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), RunAgent.class.getName()));
        try {
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(Files.createDirectories(folder)
                            .resolve("agent-" + number + ".log")
                            .toFile())
                    .start();
            started.add(process);
            agents.put(directory.runId(), process);
            return new Handle(directory, Optional.of(process));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public WorkerHandle find(RunDirectory directory) {
        return new Handle(directory, Optional.ofNullable(agents.get(directory.runId())));
    }

    @Override
    public boolean isAvailable() {
        return true;
    }

    @Override
    public boolean isRemote() {
        return true;
    }

    private Path log(int number) {
        return folder.resolve("agent-" + number + ".log");
    }

    private record Handle(RunDirectory directory, Optional<Process> agent) implements WorkerHandle {
        @Override
        public boolean isAlive() {
            return agent.filter(Process::isAlive).isPresent();
        }

        @Override
        public void stop() {
            agent.ifPresent(Process::destroy);
        }

        @Override
        public void kill() {
            agent.ifPresent(process -> {
                process.descendants().forEach(ProcessHandle::destroyForcibly);
                process.destroyForcibly();
            });
        }

        @Override
        public Optional<Integer> exitCode() {
            return WorkerReports.Exit.read(directory)
                    .map(WorkerReports.Exit::exitCode)
                    .or(() -> agent.filter(process -> !process.isAlive()).map(Process::exitValue));
        }

        @Override
        public boolean killedForMemory() {
            return WorkerReports.Exit.read(directory)
                    .map(WorkerReports.Exit::killedForMemory)
                    .orElse(false);
        }

        @Override
        public String output() {
            return WorkerReports.Exit.read(directory)
                    .map(WorkerReports.Exit::output)
                    .orElse("");
        }

        @Override
        public long localBytes() {
            return 0;
        }

        @Override
        public String description() {
            return "an agent";
        }
    }
}
