using SuperMassive.Server.Configuration;
using SuperMassive.Server.Hosting;

return await Service.RunAsync(ServiceKind.Replica, args);
