import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassFileVersion;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeTransform;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Collections;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/**
 * Gives the classes of a jar that are older than Java 6 the version of Java 8, with the stack maps that it wants: an AOT cache excludes
 * older ones, because only the old verifier accepts them. Entries keep their order and times. Run by the build.
 *
 * <p>Arguments: a directory, and the name without version of the jars in it that are replaced if they have such classes.
 */
void main(String[] arguments) throws IOException {
    try (DirectoryStream<Path> jars = Files.newDirectoryStream(Path.of(arguments[0]), arguments[1] + "-[0-9]*.jar")) {
        for (Path jar : jars) {
            upgrade(jar);
        }
    }
}

void upgrade(Path jar) throws IOException {
    Path upgraded = Path.of(jar + ".upgraded");
    boolean changed = false;
    try (ZipFile from = new ZipFile(jar.toFile());
            ZipOutputStream to = new ZipOutputStream(Files.newOutputStream(upgraded))) {
        ClassFile classFile = classFile(from);
        for (ZipEntry entry : Collections.list(from.entries())) {
            byte[] bytes = bytes(from, entry);
            if (entry.getName().endsWith(".class") && version(bytes) < ClassFile.JAVA_6_VERSION) {
                bytes = classFile.transformClass(classFile.parse(bytes), newerVersion());
                changed = true;
            }
            ZipEntry copy = new ZipEntry(entry.getName());
            copy.setTime(entry.getTime());
            to.putNextEntry(copy);
            to.write(bytes);
        }
    }
    if (changed) {
        Files.move(upgraded, jar, StandardCopyOption.ATOMIC_MOVE);
    } else {
        Files.delete(upgraded);
    }
}

/** The hierarchy of the jar's classes is read from the jar. */
ClassFile classFile(ZipFile jar) {
    return ClassFile.of(
            ClassFile.StackMapsOption.GENERATE_STACK_MAPS,
            ClassFile.ClassHierarchyResolverOption.of(ClassHierarchyResolver.ofResourceParsing(type -> {
                        String descriptor = type.descriptorString();
                        ZipEntry entry = jar.getEntry(descriptor.substring(1, descriptor.length() - 1) + ".class");
                        return entry == null ? null : new ByteArrayInputStream(bytes(jar, entry));
                    })
                    .orElse(ClassHierarchyResolver.defaultResolver())));
}

ClassTransform newerVersion() {
    ClassTransform version = (to, element) ->
            to.with(element instanceof ClassFileVersion ? ClassFileVersion.of(ClassFile.JAVA_8_VERSION, 0) : element);
    return version.andThen(ClassTransform.transformingMethodBodies(CodeTransform.ACCEPT_ALL));
}

byte[] bytes(ZipFile jar, ZipEntry entry) {
    try (InputStream in = jar.getInputStream(entry)) {
        return in.readAllBytes();
    } catch (IOException e) {
        throw new UncheckedIOException(e);
    }
}

int version(byte[] classFile) {
    return (classFile[6] & 0xff) << 8 | classFile[7] & 0xff;
}
