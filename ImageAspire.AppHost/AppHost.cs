using ImageAspire.AppHost.Model;

// ImageAspire under .NET Aspire: `dotnet run`, F5 and `aspire start` run everything on this machine, with Aspire's dashboard;
// `azd up` deploys to Azure Container Apps, where the NuGet feed has Aspire's Azure packages.

if (!CommandLine.TryRead(args, out var arguments))
    return CommandLine.WrongUse;

var builder = DistributedApplication.CreateBuilder(new DistributedApplicationOptions
{
    Args = arguments, DashboardApplicationName = "ImageAspire", AllowUnsecuredTransport = true,
});
if (!AppHostSettings.TryRead(builder, out var settings))
    return CommandLine.WrongUse;

builder.AddDashboardEndpoints(settings);

// One key with every scope. It is kept beside the images, and opens the gallery too.
var access = builder.AddAccess(settings);

// The Api takes images in and tells about them; Workers look at them. They never call each other.
var api = builder.AddService<Projects.ImageAspire_Api>("api")
    .WithApiPort(settings)
    .WithServiceHealth()
    .WithAccess(access)
    .WithGalleryLinks(access)
    .WithTraceLinks()
    .WithImageLinks(settings)
    .WithOperatorCommands(access)
    .WithIconName("ImageMultiple");

var workers = settings.WorkerNames.Select(name => builder.AddService<Projects.ImageAspire_Worker>(name)
    .WithHealthPort()
    .WithServiceHealth()
    .WithImageLinks(settings)
    .WithIconName("BrainCircuit")).ToList();

// Where documents, bytes and the topic live.
if (settings.Backend == Backend.Embedded)
    builder.AddEmbeddedBackend(settings, [api, .. workers]);
else
    builder.AddAzureBackend(settings, api, workers);

// What looks at images. Without it their measured facts are put into words, and no objects are named.
var vision = builder.AddVision(settings);
if (vision is not null)
    workers.ForEach(worker => worker.WithVision(vision));

builder.StartBuiltPrograms();
builder.PrintAddresses(settings, access, vision);
builder.RestartCrashedServices();
builder.StopServicesGracefully();
await builder.Build().RunAsync();
return 0;
