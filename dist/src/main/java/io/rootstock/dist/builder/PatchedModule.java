package io.rootstock.dist.builder;

import static java.lang.constant.ConstantDescs.CD_Class;
import static java.lang.constant.ConstantDescs.CD_Object;
import static java.lang.constant.ConstantDescs.CD_String;
import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_long;

import java.io.IOException;
import java.io.InputStream;
import java.lang.classfile.CodeBuilder;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.net.URI;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/** A module of the builder, with the edits of its classes. */
enum PatchedModule {
    JAVA_BASE("java.base") {
        @Override
        List<ClassPatch> patches(long seconds) {
            MethodTypeDesc hash = MethodTypeDesc.of(CD_int, CD_Object);
            ClassDesc identityHash = ClassDesc.of("java.lang.IdentityHash");
            ClassDesc order = ClassDesc.of("java.lang.MethodOrder");
            ClassDesc methods = ClassDesc.of("java.lang.reflect.Method").arrayType();
            ClassDesc constructors =
                    ClassDesc.of("java.lang.reflect.Constructor").arrayType();
            Edit milliseconds = new Edit.Constant("currentTimeMillis", seconds * 1000);
            Edit nanoseconds = new Edit.Constant("nanoTime", seconds * 1_000_000_000);
            return List.of(
                    new ClassPatch(
                            "java/lang/Object",
                            new Edit.Body(
                                    "hashCode",
                                    "()I",
                                    code -> code.aload(0)
                                            .invokestatic(identityHash, "of", hash)
                                            .ireturn()),
                            new Edit.NativeMethod("native_hashCode", MethodTypeDesc.of(CD_int))),
                    new ClassPatch(
                            "java/lang/System",
                            new Edit.Body(
                                    "identityHashCode",
                                    "(Ljava/lang/Object;)I",
                                    code -> code.aload(0)
                                            .invokestatic(identityHash, "ofNullable", hash)
                                            .ireturn())),
                    new ClassPatch(
                            "java/lang/Class",
                            sorted("getDeclaredMethods0", order, methods),
                            sorted("getDeclaredConstructors0", order, constructors),
                            new Edit.AfterCall(
                                    "initClassName",
                                    code -> code.aload(0)
                                            .invokestatic(
                                                    ClassDesc.of("java.lang.HiddenClassName"),
                                                    "of",
                                                    MethodTypeDesc.of(CD_String, CD_String, CD_Class))
                                            .dup()
                                            .aload(0)
                                            .swap()
                                            .putfield(CD_Class, "name", CD_String))),
                    new ClassPatch("java/util/ImmutableCollections", nanoseconds),
                    new ClassPatch("java/util/concurrent/ThreadLocalRandom", milliseconds, nanoseconds));
        }
    },
    JVMCI("jdk.internal.vm.ci") {
        @Override
        List<ClassPatch> patches(long seconds) {
            ClassDesc names = ClassDesc.of("jdk.vm.ci.hotspot.JvmciNames");
            ClassDesc methods =
                    ClassDesc.of("jdk.vm.ci.meta.ResolvedJavaMethod").arrayType();
            ClassDesc method = ClassDesc.of("jdk.vm.ci.hotspot.HotSpotResolvedJavaMethodImpl");
            ClassDesc type = ClassDesc.of("jdk.vm.ci.hotspot.HotSpotResolvedObjectTypeImpl");
            ClassDesc constant = ClassDesc.of("jdk.vm.ci.meta.JavaConstant");
            return List.of(
                    new ClassPatch(
                            "jdk/vm/ci/hotspot/CompilerToVM",
                            sorted("getDeclaredMethods", names, methods),
                            sorted("getDeclaredConstructors", names, methods),
                            sorted("getAllMethods", names, methods)),
                    new ClassPatch(
                            "jdk/vm/ci/hotspot/HotSpotResolvedJavaMethodImpl",
                            new Edit.Body(
                                    "hashCode",
                                    "()I",
                                    code -> code.aload(0)
                                            .invokestatic(names, "hash", MethodTypeDesc.of(CD_int, method))
                                            .ireturn())),
                    new ClassPatch("jdk/vm/ci/hotspot/HotSpotJavaType", new Edit.Assignable("name")),
                    new ClassPatch(
                            "jdk/vm/ci/hotspot/HotSpotResolvedObjectTypeImpl",
                            new Edit.AfterAssignment(
                                    "mirror",
                                    code -> code.aload(0)
                                            .aload(3)
                                            .aload(0)
                                            .getfield(type, "mirror", constant)
                                            .invokestatic(
                                                    names, "of", MethodTypeDesc.of(CD_String, CD_String, constant))
                                            .putfield(
                                                    ClassDesc.of("jdk.vm.ci.hotspot.HotSpotJavaType"),
                                                    "name",
                                                    CD_String))));
        }
    },
    BUILDER("org.graalvm.nativeimage.builder") {
        @Override
        List<ClassPatch> patches(long seconds) {
            ClassDesc comparator = ClassDesc.of("java.util.Comparator");
            return List.of(
                    new ClassPatch(
                            "com/oracle/svm/hosted/meta/HostedUniverse",
                            new Edit.AfterCall(
                                    "reversed",
                                    code -> code.invokestatic(
                                            ClassDesc.of("com.oracle.svm.hosted.meta.FieldOrder"),
                                            "refine",
                                            MethodTypeDesc.of(comparator, comparator)))),
                    new ClassPatch("com/oracle/svm/core/util/HostedStringDeduplication", new Edit.UnsharedCopies()),
                    new ClassPatch(
                            "com/oracle/svm/core/thread/JavaThreadsFeature",
                            new Edit.AfterCall(
                                    "getThreadId",
                                    code -> code.pop2()
                                            .aload(0)
                                            .invokestatic(
                                                    ClassDesc.of("com.oracle.svm.core.thread.ThreadNumbers"),
                                                    "of",
                                                    MethodTypeDesc.of(CD_long, ClassDesc.of("java.lang.Thread"))))),
                    new ClassPatch(
                            "com/oracle/svm/core/reflect/target/Target_java_lang_reflect_Method",
                            new Edit.Reset("slot")),
                    new ClassPatch(
                            "com/oracle/svm/core/reflect/target/Target_java_lang_reflect_Constructor",
                            new Edit.Reset("slot")),
                    new ClassPatch(
                            "com/oracle/svm/core/posix/linux/LinuxImageHeapProvider",
                            new Edit.AfterCall("nextLong", code -> code.pop2().loadConstant(seconds))));
        }

        @Override
        byte[] read(String type) throws IOException {
            try (ZipFile jar = new ZipFile(jars().resolve("svm.jar").toFile())) {
                ZipEntry entry = jar.getEntry(type + ".class");
                if (entry == null) {
                    throw new IOException("this builder is not known: svm.jar has no " + type);
                }
                try (InputStream in = jar.getInputStream(entry)) {
                    return in.readAllBytes();
                }
            }
        }

        @Override
        List<String> compilerOptions(Path sources, Path edited) throws IOException {
            try (Stream<Path> files = Files.list(jars())) {
                String classPath = files.filter(file -> file.toString().endsWith(".jar"))
                        .sorted()
                        .map(Path::toString)
                        .collect(Collectors.joining(":"));
                return List.of(
                        "-cp",
                        classPath,
                        "--add-modules",
                        "jdk.internal.vm.ci",
                        "--add-exports",
                        "jdk.internal.vm.ci/jdk.vm.ci.meta=ALL-UNNAMED");
            }
        }
    };

    private final String moduleName;

    PatchedModule(String moduleName) {
        this.moduleName = moduleName;
    }

    String moduleName() {
        return moduleName;
    }

    /**
     * The edits.
     *
     * @param seconds time since 1970 that takes the place of the time of the build
     */
    abstract List<ClassPatch> patches(long seconds);

    /**
     * Reads a class as it is.
     *
     * @param type name with slashes
     */
    byte[] read(String type) throws IOException {
        return Files.readAllBytes(
                FileSystems.getFileSystem(URI.create("jrt:/")).getPath("modules", moduleName, type + ".class"));
    }

    /**
     * Options with which added classes compile.
     *
     * @param edited folder of edited classes
     */
    List<String> compilerOptions(Path sources, Path edited) throws IOException {
        return List.of("--patch-module", moduleName + "=" + sources + ":" + edited);
    }

    /** Sorts the result of a call. */
    private static Edit sorted(String called, ClassDesc order, ClassDesc result) {
        Consumer<CodeBuilder> sort = code -> code.invokestatic(order, "sort", MethodTypeDesc.of(result, result));
        return new Edit.AfterCall(called, sort);
    }

    private static Path jars() {
        return Path.of(System.getProperty("java.home"), "lib", "svm", "builder");
    }
}
