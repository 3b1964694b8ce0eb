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

/** Remote workers whose agents are processes on this machine, one for each rank, each with a directory of its own. */
final class AgentProcesses implements WorkerLauncher {
    private final Path folder;
    private final Map<String, String> properties;
    /** The agents of each run's last attempt, by rank. */
    private final Map<String, List<Process>> agents = new ConcurrentHashMap<>();

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

    /** Rank 0's agent of a run's last attempt. */
    ProcessHandle agent(String run) {
        return agent(run, 0);
    }

    /** The agent of a rank of a run's last attempt. */
    ProcessHandle agent(String run, int rank) {
        return agents.get(run).get(rank).toHandle();
    }

    /** The worker of a run's last agent. */
    Optional<ProcessHandle> worker(String run) {
        return agent(run).children().findFirst();
    }

    /** Kills the agents of a run and their workers, as the loss of their pods does. */
    void kill(String run) {
        for (int rank = 0; rank < agents.get(run).size(); rank++) {
            kill(run, rank);
        }
    }

    /** Kills the agent of a rank and its processes, as the loss of its pod does. */
    void kill(String run, int rank) {
        Process agent = agents.get(run).get(rank);
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
        String attempt = "attempt-" + started.size();
        List<Process> group = new ArrayList<>();
        for (int rank = 0; rank < ranks; rank++) {
            List<String> place = ranks == 1
                    ? List.of()
                    : List.of(
                            "-D" + AgentSettings.ATTEMPT + "=" + attempt,
                            "-D" + AgentSettings.RANK + "=" + rank,
                            "-D" + AgentSettings.RANKS + "=" + ranks,
                            "-D" + AgentSettings.ADDRESS + "=127.0.0.1");
            group.add(start(directory, place));
        }
        agents.put(directory.runId(), group);
        return new Handle(directory, group);
    }

    private Process start(RunDirectory directory, List<String> place) {
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
        command.addAll(place);
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
            return process;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public WorkerHandle find(RunDirectory directory) {
        return new Handle(directory, agents.getOrDefault(directory.runId(), List.of()));
    }

    @Override
    public Optional<String> moreMemory(RunDirectory directory) {
        return Optional.empty();
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

    /** Without a controller that deletes the pods of a failed Job: the worker is alive while one of its agents is. */
    private record Handle(RunDirectory directory, List<Process> agents) implements WorkerHandle {
        @Override
        public boolean isAlive() {
            return agents.stream().anyMatch(Process::isAlive);
        }

        @Override
        public void stop() {
            agents.forEach(Process::destroy);
        }

        @Override
        public void kill() {
            agents.forEach(process -> {
                process.descendants().forEach(ProcessHandle::destroyForcibly);
                process.destroyForcibly();
            });
        }

        @Override
        public Optional<Integer> exitCode() {
            return WorkerReports.Exit.read(directory)
                    .map(WorkerReports.Exit::exitCode)
                    .or(() -> agents.stream()
                            .filter(process -> !process.isAlive())
                            .map(Process::exitValue)
                            .findFirst());
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
