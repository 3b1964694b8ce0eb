package io.rootstock.dist.builder;

import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.ClassTransform;
import java.util.List;

/**
 * Edits of one class.
 *
 * @param type name with slashes
 */
record ClassPatch(String type, List<Edit> edits) {
    ClassPatch(String type, Edit... edits) {
        this(type, List.of(edits));
    }

    /**
     * Returns the edited class.
     *
     * @throws IOException if an edit finds nothing to change: the class is of another version
     */
    byte[] apply(byte[] original) throws IOException {
        ClassFile classFile = ClassFile.of();
        byte[] bytes = original;
        for (Edit edit : edits) {
            ClassModel model = classFile.parse(bytes);
            Edit.Matches matches = new Edit.Matches();
            ClassTransform transform = edit.transform(matches);
            bytes = classFile.transformClass(model, transform);
            if (matches.count() == 0) {
                throw new IOException(
                        "this builder is not known: " + type.replace('/', '.') + " has no " + edit.describe());
            }
        }
        return bytes;
    }
}
