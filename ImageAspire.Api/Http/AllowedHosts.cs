using Microsoft.AspNetCore.HostFiltering;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;

namespace ImageAspire.Api.Http;

/// <summary>
/// To which host names the Api answers (configuration key <c>AllowedHosts</c>, names separated by semicolons, <c>*.example.org</c> for all below
/// a name): those of loopback always. A page whose own name points at this machine (DNS rebinding) would else be a page of this site to the
/// browser. The framework's filter reads the same key, and answers without a problem.
/// </summary>
internal sealed class AllowedHosts
{
    /// <summary>The configuration key.</summary>
    public const string Key = "AllowedHosts";

    // Set by Container Apps: the application's address is a name below it.
    private const string ContainerAppsDomain = "CONTAINER_APP_ENV_DNS_SUFFIX";

    // A name below localhost cannot be registered (RFC 6761, 6.3).
    private static readonly string[] Loopback = ["localhost", "*.localhost", "127.0.0.1", "[::1]"];

    private static readonly PathString[] Probes = ["/alive", "/health"];

    /// <summary>The names that are configured.</summary>
    public IReadOnlyList<string> Configured { get; set; } = [];

    private IList<StringSegment> All => [.. Loopback.Concat(Configured).Select(name => new StringSegment(name))];

    /// <summary>Registers the names.</summary>
    public static void Add(IServiceCollection services)
    {
        services.AddOptions<AllowedHosts>().Configure<IConfiguration>((hosts, configuration) => hosts.Configured = Read(configuration)).ValidateOnStart();
        services.AddSingleton<IValidateOptions<AllowedHosts>, Validator>();
        services.Configure<HostFilteringOptions>(framework => framework.AllowedHosts = ["*"]);
    }

    /// <summary>Refuses requests for other host names with 400. Health is answered by any name: platforms probe by address, and it reveals nothing.</summary>
    public static void Use(WebApplication app)
    {
        var names = app.Services.GetRequiredService<IOptions<AllowedHosts>>().Value.All;
        var isAny = names.Contains("*");
        app.Use((context, next) => isAny || !context.Request.Host.HasValue || HostString.MatchesAny(context.Request.Host.Host, names)
            || Array.Exists(Probes, path => context.Request.Path == path)
            ? next(context) : Problems.BadRequest(ProblemCodes.UnknownHost, $"This service does not answer to this host name. An operator can add it to {Key}.").ExecuteAsync(context));
    }

    private static string[] Read(IConfiguration configuration)
    {
        var names = (configuration[Key] ?? "").Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        return configuration[ContainerAppsDomain] is { Length: > 0 } domain ? [.. names, $"*.{domain}"] : names;
    }

    internal sealed class Validator : IValidateOptions<AllowedHosts>
    {
        public ValidateOptionsResult Validate(string? name, AllowedHosts options)
        {
            var wrong = options.Configured.Where(one => one != "*" && Uri.CheckHostName(one.StartsWith("*.", StringComparison.Ordinal) ? one[2..] : one) == UriHostNameType.Unknown).ToList();
            return wrong.Count == 0 ? ValidateOptionsResult.Success
                : ValidateOptionsResult.Fail(wrong.Select(one => $"{Key} has '{one}'; it must be host names without scheme and port, separated by semicolons, such as images.example.org;*.example.net."));
        }
    }
}
