using ImageAspire.AppHost.Model;

// ImageAspire under .NET Aspire: `dotnet run`, F5 and `aspire start` run everything on this machine, with Aspire's dashboard;
// `azd up` deploys to Azure Container Apps, where the NuGet feed has Aspire's Azure packages.

if (!CommandLine.TryRead(args, out var arguments))
    return CommandLine.InvalidUsage;

var builder = DistributedApplication.CreateBuilder(new DistributedApplicationOptions
{
    Args = arguments, DashboardApplicationName = "ImageAspire", AllowUnsecuredTransport = true,
});
if (!AppHostSettings.TryRead(builder, out var settings))
    return CommandLine.InvalidUsage;
CommandLine.WarnAboutKey(args);

builder.AddDashboardEndpoints(settings);

// One API key with every scope. It is stored in the data folder, and opens the gallery, too.
var access = builder.AddAccess(settings);

// The Api receives and serves images; Workers inspect and analyse them. They communicate through the topic only.
var api = builder.AddService<Projects.ImageAspire_Api>("api")
    .WithApiPort(settings)
    .WithAllowedHosts()
    .WithAlarms()
    .WithServiceHealth()
    .WithAccess(access)
    .WithGalleryLinks()
    .WithSignInCommand(access, settings)
    .WithTraceLinks()
    .WithImageLinks(settings)
    .WithOperatorCommands(access)
    .WithIconName("ImageMultiple");

var workers = settings.WorkerNames.Select(name => builder.AddService<Projects.ImageAspire_Worker>(name)
    .WithHealthPort()
    .WithServiceHealth()
    .WithImageLinks(settings)
    .WithIconName("BrainCircuit")).ToList();

// The stores of documents and bytes, and the topic.
if (settings.Backend == Backend.Embedded)
    builder.AddEmbeddedBackend(settings, [api, .. workers]);
else
    builder.AddAzureBackend(settings, api, workers);

// The vision service. Without it images are described by measured facts, and no objects are named. The Api needs it to search by meaning.
var vision = builder.AddVision(settings);
if (vision is not null)
    workers.Append(api).ToList().ForEach(service => service.WithVision(vision));

builder.StartBuiltPrograms();
builder.PrintAddresses(settings, access, vision);
builder.RestartCrashedServices();
builder.StopServicesGracefully();
await builder.Build().RunAsync();
return 0;
