import { main } from './process'

main()
