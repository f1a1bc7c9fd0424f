using ImageAspire.Benchmarks.Harness;

namespace ImageAspire.Benchmarks.Peers;

/// <summary>The smallest web application that ASP.NET's own template would call one; built here, published like the Api.</summary>
internal static class EmptyApp
{
    private const string Project = """
        <Project Sdk="Microsoft.NET.Sdk.Web">
          <PropertyGroup>
            <TargetFramework>net10.0</TargetFramework>
            <ImplicitUsings>enable</ImplicitUsings>
            <InvariantGlobalization>true</InvariantGlobalization>
          </PropertyGroup>
        </Project>
        """;

    private const string Program = """
        var app = WebApplication.CreateSlimBuilder(args).Build();
        app.MapGet("/", () => "ok");
        app.Run();
        """;

    public static async Task<Published> PublishAsync(TempFolder temp, CancellationToken cancellationToken)
    {
        var source = Directory.CreateDirectory(temp.Of("empty-source")).FullName;
        await File.WriteAllTextAsync(Path.Combine(source, "Empty.csproj"), Project, cancellationToken);
        await File.WriteAllTextAsync(Path.Combine(source, "Program.cs"), Program, cancellationToken);
        return await Published.PublishAsync(Path.Combine(source, "Empty.csproj"), temp.Of("empty"), cancellationToken);
    }
}
