namespace ImageAspire.AppHost.Model;

/// <summary>
/// Outside an IDE the orchestrator starts a project by <c>dotnet run</c>: a process of 140 MB beside each service, and seconds of each start
/// and restart. The services are built together with this program, so their executables are started instead.
/// </summary>
internal static class BuiltPrograms
{
    /// <summary>
    /// Replaces every project whose executable exists by an executable resource with the same name and annotations. Not under an IDE,
    /// which debugs projects; not under <c>dotnet watch</c>; not in a deployment. Call it when the model is complete.
    /// </summary>
    public static void StartBuiltPrograms(this IDistributedApplicationBuilder builder)
    {
        if (!builder.ExecutionContext.IsRunMode || !string.IsNullOrEmpty(builder.Configuration["DEBUG_SESSION_PORT"]) || builder.Configuration["DOTNET_WATCH"] is "1" or "true")
            return;
        if (OutputFolder() is not { } output)
            return;
        foreach (var project in builder.Resources.OfType<ProjectResource>().ToList())
        {
            var folder = Path.GetDirectoryName(project.GetProjectMetadata().ProjectPath)!;
            var program = Path.Combine(folder, output, Path.GetFileName(folder) + (OperatingSystem.IsWindows() ? ".exe" : ""));
            if (File.Exists(program))
                builder.Replace(project, new ExecutableResource(project.Name, program, folder));
        }
    }

    /// <summary>Where builds put programs, below their project: <c>bin/Debug/net10.0</c>, as this program or the tests that run it; null in another layout.</summary>
    public static string? OutputFolder()
    {
        var folder = Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory);
        var bin = folder.LastIndexOf($"{Path.DirectorySeparatorChar}bin{Path.DirectorySeparatorChar}", StringComparison.Ordinal);
        return bin < 0 ? null : folder[(bin + 1)..];
    }

    // Endpoints, commands and health checks refer to the annotations, not to the resource, so they still work.
    private static void Replace(this IDistributedApplicationBuilder builder, ProjectResource project, ExecutableResource program)
    {
        builder.Resources.Remove(project);
        foreach (var helper in builder.Resources.OfType<IResourceWithParent>().Where(one => one.Parent == project).ToList())
            builder.Resources.Remove(helper); // rebuilds the project on demand, which does not apply to an executable
        builder.AddResource(program);
        var ownTypes = program.Annotations.Select(one => one.GetType()).ToHashSet(); // how an executable is started, not how a project is
        foreach (var annotation in project.Annotations.Where(one => !ownTypes.Contains(one.GetType())))
            program.Annotations.Add(annotation);
    }
}
