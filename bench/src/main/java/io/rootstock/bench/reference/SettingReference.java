package io.rootstock.bench.reference;

import com.sun.source.tree.AnnotationTree;
import com.sun.source.tree.AssignmentTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.ExpressionTree;
import com.sun.source.tree.LiteralTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.ModifiersTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.VariableTree;
import com.sun.source.util.TreePath;
import io.rootstock.bench.source.JavaSources;
import io.rootstock.bench.source.ProjectFiles;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * {@code settings.md}: every method of the {@code @ConfigMapping} interfaces and the addresses that the services listen
 * on. Read from the sources, because Javadoc is not in the class files.
 */
final class SettingReference {
    private static final List<String> COLUMNS =
            List.of("Property", "Environment variable", "Type", "Default", "Description");

    /** Type of a setting that is not beside the settings. */
    private static final String SHARED_ENUM = "proto/src/main/java/io/rootstock/trainer/v1/GgufFile.java";

    private static final Pattern MAPPING = Pattern.compile("(?m)^@ConfigMapping\\(");

    /** Listening addresses: Quarkus's properties, whose defaults the services ship. */
    private static final List<Setting> ADDRESSES = List.of(
            new Setting("quarkus.grpc.server.host", "text", "", "Address that gRPC listens on."),
            new Setting("quarkus.grpc.server.port", "integer", "", "Port of gRPC."),
            new Setting("quarkus.http.host", "text", "", "Address that HTTP listens on."),
            new Setting("quarkus.http.port", "integer", "", "Port of HTTP: health, metrics and the HTTP APIs."));

    private record Setting(String property, String type, String defaultValue, String description) {
        String environmentName() {
            return property.replaceAll("[^A-Za-z0-9]", "_").toUpperCase(Locale.ROOT);
        }

        List<String> row() {
            return List.of(
                    Markdown.code(property),
                    Markdown.code(environmentName()),
                    type,
                    Markdown.code(defaultValue),
                    Markdown.text(description));
        }
    }

    private final Path root;
    private final JavaSources sources;
    private final Map<String, EnumType> enums = new TreeMap<>();

    /** An enum of the configuration packages, and the properties that have it as their type. */
    private record EnumType(List<List<String>> values, List<String> properties) {}

    private SettingReference(Path root, JavaSources sources) {
        this.root = root;
        this.sources = sources;
    }

    static String page(Path root) throws IOException {
        ProjectFiles files = ProjectFiles.of(root);
        Map<Path, List<Path>> packages = new TreeMap<>();
        for (Path file : files.java()) {
            packages.computeIfAbsent(file.getParent(), folder -> new ArrayList<>())
                    .add(file);
        }
        List<Path> relevant = new ArrayList<>(List.of(root.resolve(SHARED_ENUM)));
        for (List<Path> sourceFiles : packages.values()) {
            for (Path file : sourceFiles) {
                if (MAPPING.matcher(Files.readString(file)).find()) {
                    relevant.addAll(sourceFiles);
                    break;
                }
            }
        }
        return new SettingReference(root, JavaSources.parse(relevant)).write();
    }

    private String write() throws IOException {
        sources.units().forEach(unit -> collectEnums(new TreePath(unit), unit.getTypeDecls()));
        Map<Path, List<Setting>> modules = new TreeMap<>();
        for (CompilationUnitTree unit : sources.units()) {
            List<Setting> settings = new ArrayList<>();
            for (Tree type : unit.getTypeDecls()) {
                if (type instanceof ClassTree mapping) {
                    annotation(mapping.getModifiers(), "ConfigMapping")
                            .ifPresent(prefix ->
                                    addSettings(new TreePath(new TreePath(unit), mapping), mapping, prefix, settings));
                }
            }
            if (!settings.isEmpty()) {
                modules.computeIfAbsent(module(unit), module -> new ArrayList<>())
                        .addAll(settings);
            }
        }
        StringBuilder page = new StringBuilder();
        page.append("# Settings\n\n");
        page.append(
                        "A service reads a setting from a Java system property, else from the environment variable, else from")
                .append(" its default. `./rootstock up` passes its own environment to the services that it starts and")
                .append(" chooses their addresses itself.")
                .append(" Durations are numbers with a unit (`30s`, `10m`), sizes are bytes with an optional unit")
                .append(" (`256M`, `50G`), lists are separated by commas.\n\n");
        Path kit = root.resolve("libs/service-kit");
        addSection(page, "Every service", modules.remove(kit));
        try (var directories = Files.newDirectoryStream(root, "*-service")) {
            for (Path service : directories) {
                modules.computeIfAbsent(service, none -> new ArrayList<>()).addAll(addresses(kit, service));
            }
        }
        modules.forEach((module, settings) ->
                addSection(page, capitalized(module.getFileName().toString().replace('-', ' ')), settings));
        return page.toString().stripTrailing() + "\n";
    }

    private static String capitalized(String text) {
        return text.substring(0, 1).toUpperCase(Locale.ROOT) + text.substring(1);
    }

    private void addSection(StringBuilder page, String title, List<Setting> settings) {
        page.append("## ").append(title).append("\n\n");
        page.append(Markdown.table(COLUMNS, settings.stream().map(Setting::row).toList()));
        for (EnumType type : enums.values()) {
            List<String> properties = settings.stream()
                    .map(Setting::property)
                    .filter(type.properties()::contains)
                    .toList();
            if (!properties.isEmpty()) {
                page.append("Values of ")
                        .append(properties.stream().map(Markdown::code).collect(Collectors.joining(", ")))
                        .append(":\n\n")
                        .append(Markdown.table(List.of("Value", "Description"), type.values()));
            }
        }
    }

    /** The module of a file under {@code src/main/java}. */
    private static Path module(CompilationUnitTree unit) {
        Path directory = JavaSources.file(unit);
        while (!directory.endsWith("src")) {
            directory = directory.getParent();
        }
        return directory.getParent();
    }

    private void collectEnums(TreePath parent, List<? extends Tree> declarations) {
        for (Tree tree : declarations) {
            if (!(tree instanceof ClassTree declaration)) {
                continue;
            }
            TreePath path = new TreePath(parent, declaration);
            if (declaration.getKind() != Tree.Kind.ENUM) {
                collectEnums(path, declaration.getMembers());
                continue;
            }
            List<List<String>> values = declaration.getMembers().stream()
                    .filter(VariableTree.class::isInstance)
                    .map(VariableTree.class::cast)
                    .filter(constant -> constant.getType()
                            .toString()
                            .equals(declaration.getSimpleName().toString()))
                    .map(constant -> List.of(
                            Markdown.code(constant.getName().toString()),
                            Markdown.text(describe(new TreePath(path, constant)))))
                    .toList();
            enums.put(declaration.getSimpleName().toString(), new EnumType(values, new ArrayList<>()));
        }
    }

    private void addSettings(TreePath path, ClassTree mapping, String prefix, List<Setting> settings) {
        for (Tree member : mapping.getMembers()) {
            if (!(member instanceof MethodTree method) || method.getBody() != null) {
                continue;
            }
            String property = isAnnotated(method.getModifiers(), "WithParentName")
                    ? prefix
                    : prefix + "."
                            + annotation(method.getModifiers(), "WithName")
                                    .orElseGet(() -> kebab(method.getName().toString()));
            String type = method.getReturnType().toString();
            Optional<ClassTree> group = nested(path, type);
            if (group.isPresent()) {
                addSettings(new TreePath(path.getParentPath(), group.get()), group.get(), property, settings);
                continue;
            }
            if (enums.containsKey(type)) {
                enums.get(type).properties().add(property);
            }
            settings.add(new Setting(
                    property,
                    type(type),
                    annotation(method.getModifiers(), "WithDefault").orElse(""),
                    describe(new TreePath(path, method))));
        }
    }

    /** The interface of that name inside the mapping's file. */
    private static Optional<ClassTree> nested(TreePath path, String name) {
        return path.getCompilationUnit().getTypeDecls().stream()
                .filter(ClassTree.class::isInstance)
                .flatMap(type -> ((ClassTree) type).getMembers().stream())
                .filter(ClassTree.class::isInstance)
                .map(ClassTree.class::cast)
                .filter(type -> type.getKind() == Tree.Kind.INTERFACE)
                .filter(type -> type.getSimpleName().contentEquals(name))
                .findFirst();
    }

    private String describe(TreePath declaration) {
        return sources.javadoc(declaration)
                .map(javadoc -> sources.markdown(javadoc.getFullBody()))
                .orElse("");
    }

    private String type(String type) {
        if (type.startsWith("Optional<") || type.startsWith("List<")) {
            String element = type(type.substring(type.indexOf('<') + 1, type.length() - 1));
            return type.startsWith("List") ? "list of " + element : element;
        }
        if (enums.containsKey(type)) {
            return "one of the values below";
        }
        return switch (type) {
            case "int", "long", "OptionalInt", "OptionalLong" -> "integer";
            case "double", "OptionalDouble" -> "number";
            case "boolean" -> "`true` or `false`";
            case "String" -> "text";
            case "Path" -> "path";
            case "URI" -> "URI";
            case "Duration" -> "duration";
            case "MemorySize" -> "size";
            default -> throw new IllegalStateException("type of a setting without a description here: " + type);
        };
    }

    private static boolean isAnnotated(ModifiersTree modifiers, String name) {
        return modifiers.getAnnotations().stream()
                .anyMatch(
                        annotation -> annotation.getAnnotationType().toString().equals(name));
    }

    /** The one argument of an annotation, a string literal. */
    private static Optional<String> annotation(ModifiersTree modifiers, String name) {
        return modifiers.getAnnotations().stream()
                .filter(annotation -> annotation.getAnnotationType().toString().equals(name))
                .map(AnnotationTree::getArguments)
                .map(arguments -> literal(arguments.getFirst()))
                .findFirst();
    }

    private static String literal(ExpressionTree argument) {
        return switch (argument) {
            case AssignmentTree assignment -> literal(assignment.getExpression());
            case LiteralTree literal -> literal.getValue().toString();
            default -> throw new IllegalStateException("not a literal: " + argument);
        };
    }

    private static String kebab(String camel) {
        return camel.replaceAll("(?<=[a-z0-9])([A-Z])", "-$1").toLowerCase(Locale.ROOT);
    }

    private static List<Setting> addresses(Path kit, Path service) throws IOException {
        Properties properties = new Properties();
        for (Path file : List.of(
                kit.resolve("src/main/resources/META-INF/microprofile-config.properties"),
                service.resolve("src/main/resources/application.properties"))) {
            try (Reader reader = Files.newBufferedReader(file)) {
                properties.load(reader);
            }
        }
        // The evaluator has no gRPC server.
        boolean grpc = properties.containsKey("quarkus.grpc.server.port");
        return ADDRESSES.stream()
                .filter(setting -> grpc || !setting.property().startsWith("quarkus.grpc."))
                .map(setting -> new Setting(
                        setting.property(),
                        setting.type(),
                        properties.getProperty(setting.property(), ""),
                        setting.description()))
                .toList();
    }
}
