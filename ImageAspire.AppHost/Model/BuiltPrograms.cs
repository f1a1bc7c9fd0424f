namespace ImageAspire.AppHost.Model;

/// <summary>
/// Outside an IDE the orchestrator starts a project by <c>dotnet run</c>: a process of 140 MB beside each service, and seconds of each start
/// and restart. The services were built together with this program, so their programs are started instead.
/// </summary>
internal static class BuiltPrograms
{
    /// <summary>
    /// Puts an executable of the same name, with the same annotations, in the place of every project whose program is there. Not under an IDE,
    /// which debugs projects; not under <c>dotnet watch</c>; not in a deployment. To be called when the model is complete.
    /// </summary>
    public static void StartBuiltPrograms(this IDistributedApplicationBuilder builder)
    {
        if (!builder.ExecutionContext.IsRunMode || !string.IsNullOrEmpty(builder.Configuration["DEBUG_SESSION_PORT"]) || builder.Configuration["DOTNET_WATCH"] is "1" or "true")
            return;
        if (Output() is not { } output)
            return;
        foreach (var project in builder.Resources.OfType<ProjectResource>().ToList())
        {
            var folder = Path.GetDirectoryName(project.GetProjectMetadata().ProjectPath)!;
            var program = Path.Combine(folder, output, Path.GetFileName(folder) + (OperatingSystem.IsWindows() ? ".exe" : ""));
            if (File.Exists(program))
                builder.Replace(project, new ExecutableResource(project.Name, program, folder));
        }
    }

    // Configuration and framework are those of this program, or of the tests that run it: bin/Debug/net10.0. Null in another layout.
    private static string? Output()
    {
        var folder = Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory);
        var bin = folder.LastIndexOf($"{Path.DirectorySeparatorChar}bin{Path.DirectorySeparatorChar}", StringComparison.Ordinal);
        return bin < 0 ? null : folder[(bin + 1)..];
    }

    // Endpoints, commands and health checks hold on to the annotations, not to the resource, so they go on working.
    private static void Replace(this IDistributedApplicationBuilder builder, ProjectResource project, ExecutableResource program)
    {
        builder.Resources.Remove(project);
        foreach (var helper in builder.Resources.OfType<IResourceWithParent>().Where(one => one.Parent == project).ToList())
            builder.Resources.Remove(helper); // builds the project again on demand, which a program has no use for
        builder.AddResource(program);
        var itsOwn = program.Annotations.Select(one => one.GetType()).ToHashSet(); // how an executable is started, not how a project is
        foreach (var annotation in project.Annotations.Where(one => !itsOwn.Contains(one.GetType())))
            program.Annotations.Add(annotation);
    }
}
