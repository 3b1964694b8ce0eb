package io.rootstock.cli.installation;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** Places of the packaged services and native libraries below a root: the outputs of a build, or an unpacked download. */
public sealed interface Layout permits SourceTree, Download {
    /** Returns the layout of a root: a download if it has the marker of one, else the source tree. */
    static Layout of(Path root) {
        return Download.isAt(root) ? new Download(root) : new SourceTree(root);
    }

    /** The packaged service, which may not exist. */
    Program program(Service service);

    /** Home of the engine on Spark; empty if it is not included. */
    Optional<Path> sparkHome();

    /** Folder with a file of libtorch: its shared libraries, or the jar that holds them. */
    Path libtorch();

    /** Beginning of the name of the file of libtorch. */
    String libtorchFile();

    /** Folder with llama.cpp's shared libraries. */
    Path llama();

    /** Environment variables of the services that name the native libraries; the user's own take precedence. */
    Map<String, String> environment();

    /** Remedy for missing services. */
    String remedy();

    /** Remedy for a native library that is missing in a folder. */
    String missingLibrary(Path folder);
}
