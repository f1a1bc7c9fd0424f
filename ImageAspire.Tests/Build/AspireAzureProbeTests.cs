using System.Diagnostics;
using System.IO.Compression;
using ImageAspire.Tests.Requirements;

namespace ImageAspire.Tests.Build;

/// <summary>
/// eng/AspireAzure.targets in a small project and solution of their own, with feeds that are folders: nothing here depends on what the
/// machine's own feed has.
/// </summary>
[Trait("Category", "Slow")]
public sealed class AspireAzureProbeTests : IDisposable
{
    /// <summary>Before what the probe reports.</summary>
    private const string Report = "ImageAspire:";
    private readonly TempFolder _folder = new();

    private string Recorded => Path.Combine(_folder.Root, ".aspire-azure.props");

    [Theory]
    [InlineData("app/app.csproj")]
    [InlineData("app.sln")]
    public async Task Build_FeedHasThePackages_IsTrueAndRecorded(string target)
    {
        Prepare(await FeedAsync("Some.Package"));

        var output = await DotnetAsync($"build {target}");

        Built().ShouldBe("true ASPIRE_AZURE", output);
        (await File.ReadAllTextAsync(Recorded)).ShouldContain("<AspireAzure>true</AspireAzure>");
        output.ShouldContain(Report);
    }

    [Theory]
    [InlineData("app/app.csproj")]
    [InlineData("app.sln")]
    public async Task Build_FeedLacksThePackages_IsFalseRecordedAndReportedOnce(string target)
    {
        Prepare(await FeedAsync("Another.Package"));

        var first = await DotnetAsync($"build {target}");
        var second = await DotnetAsync($"build {target}");

        Built().ShouldBe("false", first);
        (await File.ReadAllTextAsync(Recorded)).ShouldContain("<AspireAzure>false</AspireAzure>");
        first.ShouldContain(Report);
        second.ShouldNotContain(Report);
    }

    [Fact]
    public async Task Build_FeedDoesNotAnswer_IsFalseAndNothingIsRecorded()
    {
        Prepare("http://127.0.0.1:9/v3/index.json"); // the discard port: nothing listens there

        var output = await DotnetAsync("build app/app.csproj");

        Built().ShouldBe("false", output);
        File.Exists(Recorded).ShouldBeFalse();
        output.ShouldContain(Report);
    }

    [Fact]
    public async Task Build_Recorded_IsNotAskedAgain()
    {
        Prepare(await FeedAsync("Another.Package"));
        await RecordAsync("true");

        var output = await DotnetAsync("build app/app.csproj");

        Built().ShouldBe("true ASPIRE_AZURE", output);
        output.ShouldNotContain(Report);
    }

    [Fact]
    public async Task Build_GivenOnTheCommandLine_WinsWithoutAskingTheFeed()
    {
        Prepare(await FeedAsync("Another.Package"));
        await RecordAsync("false");

        var output = await DotnetAsync("build app/app.csproj -p:AspireAzure=true");

        Built().ShouldBe("true ASPIRE_AZURE", output);
        output.ShouldNotContain(Report);
        (await File.ReadAllTextAsync(Recorded)).ShouldContain("<AspireAzure>false</AspireAzure>");
    }

    [Fact]
    public async Task Build_NeitherTrueNorFalse_IsAnError()
    {
        Prepare(await FeedAsync("Another.Package"));

        var output = await DotnetAsync("build app/app.csproj -p:AspireAzure=blue", succeeds: false);

        output.ShouldContain("'blue'");
    }

    public void Dispose() => _folder.Dispose();

    // What the project was built with: the value, and the constant when it is defined.
    private string Built() => File.ReadAllText(Path.Combine(_folder.Root, "built.txt")).Trim();

    private Task RecordAsync(string value) =>
        File.WriteAllTextAsync(Recorded, $"<Project><PropertyGroup><AspireAzure>{value}</AspireAzure></PropertyGroup></Project>");

    private void Prepare(string feed)
    {
        var root = _folder.Root;
        var targets = Path.Combine(Repository.Root, "eng", "AspireAzure.targets");
        string[] import = ["<Project><PropertyGroup>",
            $"<AspireAzureFile>{Recorded}</AspireAzureFile><AspireAzureProbe>{Path.Combine(root, "probe", "probe.csproj")}</AspireAzureProbe>",
            $"</PropertyGroup><Import Project=\"{targets}\" /></Project>"];
        File.WriteAllLines(Path.Combine(root, "Directory.Solution.targets"), import);
        Directory.CreateDirectory(Path.Combine(root, "app"));
        File.WriteAllLines(Path.Combine(root, "app", "Directory.Build.props"), import);
        File.WriteAllText(Path.Combine(root, "app", "app.csproj"), $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <TargetFramework>net10.0</TargetFramework>
                <!-- What it is built with is asked, not what comes out. -->
                <SkipCompilerExecution>true</SkipCompilerExecution>
                <CopyBuildOutputToOutputDirectory>false</CopyBuildOutputToOutputDirectory>
              </PropertyGroup>
              <Target Name="Tell" AfterTargets="Build">
                <PropertyGroup><_Constant Condition="$(DefineConstants.Contains('ASPIRE_AZURE'))"> ASPIRE_AZURE</_Constant></PropertyGroup>
                <WriteLinesToFile File="{Path.Combine(root, "built.txt")}" Lines="$(AspireAzure)$(_Constant)" Overwrite="true" />
              </Target>
            </Project>
            """);
        Directory.CreateDirectory(Path.Combine(root, "probe"));
        File.WriteAllText(Path.Combine(root, "probe", "probe.csproj"), """
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup><TargetFramework>net10.0</TargetFramework></PropertyGroup>
              <ItemGroup><PackageReference Include="Some.Package" Version="1.0.0" /></ItemGroup>
            </Project>
            """);
        File.WriteAllText(Path.Combine(root, "nuget.config"), $"""
            <configuration>
              <config><add key="globalPackagesFolder" value="{Path.Combine(root, "packages")}" /></config>
              <packageSources><clear /><add key="only" value="{feed}" allowInsecureConnections="true" /></packageSources>
            </configuration>
            """);
        File.WriteAllText(Path.Combine(root, "app.sln"), Solution);
    }

    private const string Solution = """

        Microsoft Visual Studio Solution File, Format Version 12.00
        Project("{FAE04EC0-301F-11D3-BF4B-00C04F79EFBC}") = "app", "app/app.csproj", "{11111111-1111-1111-1111-111111111111}"
        EndProject
        Global
        	GlobalSection(SolutionConfigurationPlatforms) = preSolution
        		Debug|Any CPU = Debug|Any CPU
        	EndGlobalSection
        	GlobalSection(ProjectConfigurationPlatforms) = postSolution
        		{11111111-1111-1111-1111-111111111111}.Debug|Any CPU.ActiveCfg = Debug|Any CPU
        		{11111111-1111-1111-1111-111111111111}.Debug|Any CPU.Build.0 = Debug|Any CPU
        	EndGlobalSection
        EndGlobal
        """;

    // A feed is a folder of packages; a package is a zip with a description in it.
    private async Task<string> FeedAsync(string id)
    {
        var feed = Path.Combine(_folder.Root, "feed");
        Directory.CreateDirectory(feed);
        await using var file = File.Create(Path.Combine(feed, $"{id}.1.0.0.nupkg"));
        await using var zip = new ZipArchive(file, ZipArchiveMode.Create);
        await using var description = new StreamWriter(await zip.CreateEntry($"{id}.nuspec").OpenAsync());
        await description.WriteAsync($"""
            <package><metadata><id>{id}</id><version>1.0.0</version><authors>x</authors><description>x</description></metadata></package>
            """);
        return feed;
    }

    private async Task<string> DotnetAsync(string arguments, bool succeeds = true)
    {
        var start = new ProcessStartInfo(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet",
            $"{arguments} --nologo -m:1 --disable-build-servers -v:minimal -tl:off")
        {
            WorkingDirectory = _folder.Root, RedirectStandardOutput = true, RedirectStandardError = true,
        };
        start.Environment.Remove("AspireAzure");
        start.Environment["DOTNET_CLI_UI_LANGUAGE"] = "en";
        // This process may itself run inside MSBuild.
        foreach (var key in start.Environment.Keys.Where(key => key.StartsWith("MSBuild", StringComparison.OrdinalIgnoreCase)).ToList())
            start.Environment.Remove(key);
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(3));
        using var process = Process.Start(start)!;
        try
        {
            var (output, errors) = (process.StandardOutput.ReadToEndAsync(limit.Token), process.StandardError.ReadToEndAsync(limit.Token));
            await process.WaitForExitAsync(limit.Token);
            var all = await output + await errors;
            (process.ExitCode == 0).ShouldBe(succeeds, all);
            return all;
        }
        finally
        {
            if (!process.HasExited)
                process.Kill(entireProcessTree: true);
        }
    }
}
