package io.rootstock.cli.display;

import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.MapEntry;
import com.google.protobuf.Message;
import io.rootstock.cli.client.Names;
import io.rootstock.registry.v1.Job;
import io.rootstock.trainer.v1.RunSpec;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** Settings of a job as text: task, inputs, architecture and hyperparameters as resolved. */
public final class JobSettings {
    private JobSettings() {}

    /** Maps the names of the settings, as in the options of the command line, to their values. */
    public static Map<String, String> of(Job job) {
        Map<String, String> settings = new TreeMap<>();
        settings.put("task", Labels.of(job.getSpec().getTask()));
        settings.put("dataset", MixturePlanTable.data(job.getSpec()));
        String base = job.getBaseVersion().isEmpty() ? job.getSpec().getBase() : job.getBaseVersion();
        if (!base.isEmpty()) {
            settings.put("base", Names.brief(base));
        }
        RunSpec resolved = job.getResolved();
        boolean isResolved = job.hasResolved();
        add("", isResolved ? resolved.getArchitecture() : job.getSpec().getArchitecture(), settings);
        add("", isResolved ? resolved.getHyperparameters() : job.getSpec().getHyperparameters(), settings);
        return settings;
    }

    private static void add(String prefix, Message message, Map<String, String> settings) {
        for (Map.Entry<FieldDescriptor, Object> field : message.getAllFields().entrySet()) {
            String name = prefix + field.getKey().getName().replace('_', '-');
            switch (field.getValue()) {
                case List<?> list ->
                    settings.put(
                            name,
                            String.join(
                                    ", ", list.stream().map(JobSettings::text).toList()));
                case Message nested -> add(name + "-", nested, settings);
                default -> settings.put(name, text(field.getValue()));
            }
        }
    }

    private static String text(Object value) {
        return switch (value) {
            case Double number -> Format.rate(number);
            case EnumValueDescriptor label -> {
                String name = label.getName();
                yield name.substring(commonPrefix(label).length()).toLowerCase(Locale.ROOT);
            }
            case MapEntry<?, ?> entry -> entry.getKey() + "=" + text(entry.getValue());
            default -> String.valueOf(value);
        };
    }

    /** The prefix that all values of an enum share: the name of its first value without UNSPECIFIED. */
    private static String commonPrefix(EnumValueDescriptor label) {
        String first = label.getType().getValues().getFirst().getName();
        return first.endsWith("UNSPECIFIED") ? first.substring(0, first.length() - "UNSPECIFIED".length()) : "";
    }
}
