package io.rootstock.cli.image;

import io.rootstock.cli.Rootstock;
import java.io.PrintWriter;
import java.io.Writer;
import java.lang.reflect.Member;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgGroupSpec;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;

/**
 * Collects the classes that picocli creates and reads by reflection: commands, mixins and groups of options with their
 * superclasses, converters, completion candidates, preprocessors and version providers.
 */
public final class CommandTypes {
    private final Set<Class<?>> types = new LinkedHashSet<>();

    private CommandTypes() {}

    /** The names of the classes of all commands. */
    public static List<String> names() {
        CommandTypes found = new CommandTypes();
        found.addCommand(
                Rootstock.commandLine(new PrintWriter(Writer.nullWriter()), new PrintWriter(Writer.nullWriter())));
        return found.types.stream().map(Class::getName).toList();
    }

    private void addCommand(CommandLine line) {
        addSpec(line.getCommandSpec());
        line.getSubcommands().values().forEach(this::addCommand);
    }

    private void addSpec(CommandSpec spec) {
        add(spec.userObject());
        add(spec.versionProvider());
        add(spec.preprocessor());
        add(spec.defaultValueProvider());
        spec.mixins().values().forEach(this::addSpec);
        spec.argGroups().forEach(this::addGroup);
        spec.args().forEach(this::addArgument);
    }

    private void addGroup(ArgGroupSpec group) {
        addType(group.typeInfo().getType());
        group.subgroups().forEach(this::addGroup);
        group.args().forEach(this::addArgument);
    }

    private void addArgument(ArgSpec argument) {
        if (argument.userObject() instanceof Member member) {
            addType(member.getDeclaringClass());
        }
        Arrays.stream(argument.converters()).forEach(this::add);
        add(argument.completionCandidates());
        add(argument.parameterConsumer());
        add(argument.preprocessor());
    }

    private void add(Object instance) {
        if (instance != null) {
            addType(instance.getClass());
        }
    }

    private void addType(Class<?> type) {
        for (Class<?> each = type; each != null && each != Object.class; each = each.getSuperclass()) {
            if (each.getName().startsWith("io.rootstock.") || each.getName().startsWith("picocli.")) {
                types.add(each);
            }
        }
    }
}
