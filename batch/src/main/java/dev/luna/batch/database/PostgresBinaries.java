package dev.luna.batch.database;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.springframework.util.FileSystemUtils;
import org.tukaani.xz.XZInputStream;

/**
 * An unpacked PostgreSQL distribution: {@code bin/postgres}, {@code bin/initdb}, {@code bin/pg_ctl} and their files.
 *
 * @param home the directory that holds {@code bin}, {@code lib} and {@code share}
 */
record PostgresBinaries(Path home) {

    /** Of directories whose programs are run, whatever the umask is. */
    static final FileAttribute<?> WRITTEN_BY_OWNER =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x"));

    private static final String DISTRIBUTION = "pg-";
    private static final String UNFINISHED = "unpacking-";

    /**
     * Unpacks the distribution on the class path into a directory named after its digest, unless it is there already.
     * Takes about 2 s and 60 MB the first time. Safe against other processes that do the same at the same time, and
     * against being killed half-way: the directory appears complete or not at all. What failed is removed.
     */
    static PostgresBinaries unpack(Path directory) {
        try {
            byte[] archive = read();
            Path home = directory.resolve(digest(archive));
            if (!Files.isDirectory(home)) {
                Files.createDirectories(directory, WRITTEN_BY_OWNER);
                Path unfinished = Files.createTempDirectory(directory, UNFINISHED);
                try {
                    extract(archive, unfinished);
                    // initdb and postgres run as this user only, but test directories may be shared by several.
                    Files.setPosixFilePermissions(unfinished, PosixFilePermissions.fromString("rwxr-xr-x"));
                    publish(unfinished, home);
                } catch (IOException e) {
                    // A full disk is the likeliest reason.
                    FileSystemUtils.deleteRecursively(unfinished);
                    throw e;
                }
            }
            return new PostgresBinaries(home);
        } catch (IOException e) {
            throw new DatabaseStartException(
                    "cannot unpack PostgreSQL into " + directory + ": " + FileFailure.withName(e), e);
        }
    }

    /** The major version, such as {@code 18}. */
    String majorVersion() throws IOException {
        Path catalog = home.resolve("share/postgresql/postgres.bki");
        try (Stream<String> lines = Files.lines(catalog)) {
            // The file starts with "# PostgreSQL 18".
            String first = lines.findFirst().orElse("");
            return first.substring(first.lastIndexOf(' ') + 1);
        }
    }

    /**
     * Removes the distributions of other builds beside this one, and what was left half-way; not if the directory is a link
     * to one that others may use. For who knows that nobody runs or unpacks any of them.
     */
    void removeOthers() throws IOException {
        Path directory = Objects.requireNonNull(home.getParent());
        if (Files.isSymbolicLink(directory)) {
            return;
        }
        List<Path> others;
        try (Stream<Path> entries = Files.list(directory)) {
            others = entries.filter(path -> isUnpacked(path) && !path.equals(home))
                    .toList();
        }
        for (Path other : others) {
            // Who is killed here leaves none half-way under the name by which its build looks for it.
            FileSystemUtils.deleteRecursively(Files.move(other, directory.resolve(UNFINISHED + UUID.randomUUID())));
        }
    }

    private static boolean isUnpacked(Path path) {
        String name = path.getFileName().toString();
        return name.startsWith(DISTRIBUTION) || name.startsWith(UNFINISHED);
    }

    Path initdb() {
        return home.resolve("bin/initdb");
    }

    Path pgCtl() {
        return home.resolve("bin/pg_ctl");
    }

    private static byte[] read() throws IOException {
        String system = System.getProperty("os.name").toLowerCase(Locale.ROOT);
        String family = system.contains("mac") ? "darwin" : "linux";
        String archive = "/postgres-" + family + "-" + architecture() + ".txz";
        try (InputStream in = PostgresBinaries.class.getResourceAsStream(archive)) {
            if (in == null) {
                throw new DatabaseStartException("this build has no " + archive.substring(1)
                        + "; build it on this platform, or set spring.datasource.url to a PostgreSQL of your own");
            }
            return in.readAllBytes();
        }
    }

    private static String architecture() {
        String name = System.getProperty("os.arch");
        return switch (name) {
            case "amd64", "x86_64" -> "x86_64";
            case "aarch64", "arm64" -> "arm_64";
            default -> name;
        };
    }

    private static String digest(byte[] archive) {
        try {
            byte[] sha = MessageDigest.getInstance("SHA-256").digest(archive);
            return DISTRIBUTION + HexFormat.of().formatHex(sha, 0, 8);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    private static void extract(byte[] archive, Path into) throws IOException {
        try (TarArchiveInputStream tar =
                new TarArchiveInputStream(new XZInputStream(new ByteArrayInputStream(archive)))) {
            for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                Path target = into.resolve(entry.getName()).normalize();
                if (!target.startsWith(into)) {
                    throw new IOException("archive entry " + entry.getName() + " leaves the target directory");
                }
                Path parent = target.getParent();
                if (parent != null) {
                    Files.createDirectories(parent, WRITTEN_BY_OWNER);
                }
                if (entry.isDirectory()) {
                    Files.createDirectories(target, WRITTEN_BY_OWNER);
                } else if (entry.isSymbolicLink()) {
                    Files.createSymbolicLink(target, Path.of(entry.getLinkName()));
                } else {
                    Files.copy(tar, target);
                    boolean isProgram = (entry.getMode() & 0100) != 0;
                    Files.setPosixFilePermissions(
                            target, PosixFilePermissions.fromString(isProgram ? "rwxr-xr-x" : "rw-r--r--"));
                }
            }
        }
    }

    /** Another process that unpacked meanwhile has made the same files; whoever renames first wins. */
    private static void publish(Path unfinished, Path home) throws IOException {
        try {
            Files.move(unfinished, home, StandardCopyOption.ATOMIC_MOVE);
        } catch (FileAlreadyExistsException e) {
            FileSystemUtils.deleteRecursively(unfinished);
        } catch (FileSystemException e) {
            if (!Files.isDirectory(home)) {
                throw e;
            }
            FileSystemUtils.deleteRecursively(unfinished);
        }
    }
}
