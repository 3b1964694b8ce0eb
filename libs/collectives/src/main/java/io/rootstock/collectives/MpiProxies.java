package io.rootstock.collectives;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * An {@link MpiCollectives} group with one process on each of several machines, without a remote shell. Hydra's manual launcher
 * on the machine of rank 0 prints the command of a proxy for each machine, and each machine starts its own proxy, which connects
 * to the launcher and starts the machine's process. When a process or a proxy fails, the launcher ends all and exits.
 *
 * <p>Each machine chooses its own program and environment: the launcher passes neither. Connections are neither encrypted nor
 * authenticated.
 *
 * @param arguments arguments of all proxies, without the number of the proxy
 */
public record MpiProxies(List<String> arguments) {
    static final String PROXY = "hydra_pmi_proxy";
    private static final String PRINTED = "HYDRA_LAUNCH: ";
    private static final String END = "HYDRA_LAUNCH_END";
    private static final String NUMBER = "--proxy-id";
    private static final String PROGRAM = "ROOTSTOCK_RANK_PROGRAM";
    /** Kills the shell with a signal on any failure, as {@link MpiLauncher} does. */
    private static final String FAIL_BY_SIGNAL = "trap : TERM; sh \"$" + PROGRAM + "\" || kill -KILL $$";

    private static final Pattern ARGUMENT = Pattern.compile("[A-Za-z0-9._:-]{1,255}");
    private static final int MAX_ARGUMENTS = 100;

    /**
     * Copies and checks the arguments, which come from another machine.
     *
     * @throws IllegalArgumentException if an argument has characters that Hydra's arguments do not have
     */
    public MpiProxies {
        arguments = List.copyOf(arguments);
        if (arguments.isEmpty() || arguments.size() > MAX_ARGUMENTS) {
            throw new IllegalArgumentException(
                    "a proxy has 1 to " + MAX_ARGUMENTS + " arguments, not " + arguments.size());
        }
        for (String argument : arguments) {
            if (!ARGUMENT.matcher(argument).matches()) {
                throw new IllegalArgumentException("not an argument of a proxy: " + argument);
            }
        }
    }

    /**
     * Returns the command of the launcher, which runs as long as the group.
     *
     * @param processes number of machines
     * @param address name or IPv4 address of this machine, to which the proxies connect
     */
    public static List<String> launcher(int processes, String address) {
        MpiLauncher.HYDRA.check();
        List<String> command = new ArrayList<>(MpiLauncher.HYDRA.words());
        command.addAll(List.of("-launcher", "manual", "-localhost", address, "-disable-hostname-propagation"));
        command.addAll(List.of("-genvnone", "-ppn", "1", "-hosts", hosts(processes)));
        command.addAll(List.of("-n", Integer.toString(processes), "sh", "-c", FAIL_BY_SIGNAL));
        return command;
    }

    /** Hydra needs different names, and connects to none of them. */
    private static String hosts(int processes) {
        return IntStream.range(0, processes).mapToObj(rank -> "rank" + rank).collect(Collectors.joining(","));
    }

    /**
     * Reads the proxies from the launcher's output.
     *
     * @return empty until the launcher has printed all
     * @throws EngineMissingException if they are not in the format of a known version of Hydra
     */
    public static Optional<MpiProxies> read(String output, int processes) {
        List<String> lines = output.lines().toList();
        if (!lines.contains(END)) {
            return Optional.empty();
        }
        List<List<String>> proxies = lines.stream()
                .filter(line -> line.startsWith(PRINTED))
                .map(line -> List.of(line.substring(PRINTED.length()).strip().split(" +", -1)))
                .toList();
        List<String> first = proxies.isEmpty() ? List.of() : proxies.getFirst();
        MpiProxies common = first.size() < 4 ? null : new MpiProxies(first.subList(1, first.size() - 2));
        for (int rank = 0; rank < processes; rank++) {
            if (common == null
                    || proxies.size() != processes
                    || !proxies.get(rank).subList(1, proxies.get(rank).size()).equals(common.numbered(rank))) {
                throw new EngineMissingException("mpiexec.hydra printed other proxies than those of MPICH 3.4 to 4.3: "
                        + proxies + ". " + MpiCollectives.INSTALL);
            }
        }
        return Optional.of(common);
    }

    /** Removes the printed commands from the launcher's output. */
    public static String withoutCommands(String output) {
        return output.lines()
                .filter(line -> !line.startsWith(PRINTED) && !line.equals(END))
                .collect(Collectors.joining("\n"));
    }

    /** Returns the command of the proxy of a machine. */
    public List<String> command(int rank) {
        List<String> command = new ArrayList<>(List.of(PROXY));
        command.addAll(numbered(rank));
        return command;
    }

    /**
     * Returns environment variables of a proxy. Containers on one machine do not share memory, which UCX would try.
     *
     * @param program shell script of the machine's process
     */
    public static Map<String, String> environment(Path program) {
        Map<String, String> variables = new TreeMap<>(MpiLauncher.environment());
        variables.put(PROGRAM, program.toString());
        variables.put("UCX_TLS", System.getenv().getOrDefault("UCX_TLS", "^sm"));
        return variables;
    }

    private List<String> numbered(int rank) {
        List<String> numbered = new ArrayList<>(arguments);
        numbered.addAll(List.of(NUMBER, Integer.toString(rank)));
        return numbered;
    }
}
