package io.rootstock.cli.doctor;

import java.util.List;
import java.util.OptionalLong;

/** Number of files that a process may hold open. */
record FileLimitCheck(Machine machine) implements Check {
    private static final String NAME = "open files";
    private static final long RECOMMENDED = 4096;

    @Override
    public List<Finding> run() {
        OptionalLong limit = machine.lines("proc/self/limits").stream()
                .filter(line -> line.startsWith("Max open files"))
                .map(line -> line.replaceAll(" +", " ").split(" ", -1))
                // name, soft limit, hard limit: a JVM raises its soft limit to the hard one
                .filter(words -> words.length > 4 && words[4].matches("[0-9]{1,18}"))
                .mapToLong(words -> Long.parseLong(words[4]))
                .findFirst();
        if (limit.isEmpty() || limit.getAsLong() >= RECOMMENDED) {
            return List.of(
                    Finding.ok(NAME, limit.isEmpty() ? "no limit" : "at most " + limit.getAsLong() + " per process"));
        }
        return List.of(Finding.warning(
                NAME,
                "at most " + limit.getAsLong() + " per process; many connections and shards need " + RECOMMENDED,
                "raise the limit: ulimit -Hn " + RECOMMENDED + ", or LimitNOFILE in a systemd unit"));
    }
}
