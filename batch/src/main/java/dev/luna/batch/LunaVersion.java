package dev.luna.batch;

import picocli.CommandLine.IVersionProvider;

/** What {@code luna --version} says: the version that the build wrote into the jar. */
public final class LunaVersion implements IVersionProvider {

    @Override
    public String[] getVersion() {
        String version = LunaVersion.class.getPackage().getImplementationVersion();
        return new String[] {"luna " + (version == null ? "development" : version)};
    }
}
